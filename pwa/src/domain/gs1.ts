/** Reading whatever a scanner, a paste or a link delivers; the same results as backend/core/gs1. Never throws. */
import { gtin14, isGtin14, isSscc, nationalNumber } from "./gs1-digits";
import { ElementError, GS, join, judged, parse, type Pair } from "./gs1-elements";
import { parseDigitalLink } from "./gs1-link";
import { clean, GS1_SYMBOLOGIES, variants, withoutPrefix } from "./gs1-normalise";
import { certainSerials, fits, restored } from "./gs1-restore";
import { type Scan, scan, type Template } from "./mark";

export { checkDigit, gtin14, isChecked, isGtin14, isSscc, nationalNumber } from "./gs1-digits";
export { build, ElementError, GS, parse } from "./gs1-elements";
export { digitalLink, linkOf, parseDigitalLink } from "./gs1-link";
export { identificationCode, type Kind, type Scan, type Template, type TemplateJson, toTemplate } from "./mark";

const FUR = /^(?:RU|AM|BY|KZ|KG)-[A-Z0-9]{6}-[A-Z0-9]{10}$/i;
const TOBACCO = /^([0-9]{14})([!-"%-?A-Z_a-z]{7})(?:[!-"%-?A-Z_a-z]{4}){1,2}$/;
const LINK = /^(?:https?:\/\/)?(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::[0-9]+)?\/.*$/is;
const MARK_LIKE = /^(?:[([]?01[)\]]?[0-9]{14}|[([]?00[)\]]?[0-9]{18}|[0-9]{14}21|[0-9]{8}$|[0-9]{12,14}$)/;
const ILLEGIBLE = /[\0-\x08\x0b\x0c\x0e-\x1c\x1e\x1f\x7f-\x9f\ud800-\udfff]/u;

/**
 * Read one code. `symbology`: the decoder's identifier ("]d2"), if known. `templates`: the groups' shapes. A separator
 * that was lost is restored only when exactly one cut fits the templates; a text that parses as it stands and fits a
 * template is never touched.
 */
export function read(text: string, symbology: string | null = null, templates: readonly Template[] = []): Scan {
  const [bare, prefix] = withoutPrefix(text);
  const [direct, rank] = elements(bare, templates);
  if (direct !== null && rank === FITS && (templates.length > 0 || bare.includes(GS)) && has(direct, "21")) {
    return scanOf(direct, bare === text ? [] : ["prefix"]);
  }
  const cleaned = clean(text);
  const gs1 = [symbology, prefix, cleaned.symbology].some((one) => GS1_SYMBOLOGIES.has(one));
  const found = readClean(cleaned.text, gs1, templates);
  if (cleaned.repairs.includes("layout") && (found.kind === "other" || found.kind === "elements") && !gs1) {
    // Russian or Kazakh words, not a code that was typed in their layout.
    return scan("other", { text: text.replace(/^[ \t\r\n]+/, "").replace(/[ \t\r\n]+$/, "") });
  }
  return { ...found, repairs: [...new Set([...cleaned.repairs, ...found.repairs])] };
}

const has = (pairs: readonly Pair[], ai: string): boolean => pairs.some(([one]) => one === ai);

function readClean(text: string, gs1: boolean, templates: readonly Template[]): Scan {
  if (text === "") return scan("unreadable", { problem: "empty" });
  return fur(text) ?? (gs1 ? null : numberOf(text)) ?? (LINK.test(text) ? link(text) : null)
    ?? message(text, gs1, templates);
}

function fur(text: string): Scan | null {
  const dashed = text.replace(/[\u2010-\u2015\u2212]/g, "-");
  if (!FUR.test(dashed)) return null;
  // The alphabet has no small letters and only one dash, so both are certain.
  const mark = dashed.toUpperCase();
  const repairs = [...(dashed === text ? [] : ["invisible"]), ...(mark === dashed ? [] : ["case"])];
  return scan("fur", { fur: mark, text: mark, repairs });
}

function numberOf(text: string): Scan | null {
  if (!/^[0-9]+$/.test(text)) return null;
  if (nationalNumber(text) !== null) return scan("gtin", { ntin: text, text });
  if (isSscc(text)) return scanOf([["00", text]], ["ai_restored"]);
  const gtin = gtin14(text);
  return gtin === null ? null : scan("gtin", { gtin, text });
}

function link(text: string): Scan | null {
  const [, head, rest = ""] = /^(.*?):\/\/(.*)$/s.exec(text) ?? [];
  const uri = head === undefined ? `https://${text}` : `${head.toLowerCase()}://${rest}`;
  try {
    return scanOf(parseDigitalLink(uri, true), ["link"]);
  } catch (error) {
    if (!(error instanceof ElementError)) throw error;
    if (error.problem !== "link" && /\/0[01]\/[0-9]{14}/.test(uri)) {
      return scan("unreadable", { problem: error.problem, text, repairs: ["link"] });
    }
    return head === undefined ? null : scan("other", { text });
  }
}

const [FITS, CUT, VALID, DAMAGED, BROKEN] = [0, 1, 2, 3, 4] as const;
type Rank = 0 | 1 | 2 | 3 | 4;

function parsed(text: string): Pair[] | ElementError {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ElementError) return error;
    throw error;
  }
}

/** The message as it stands or as the templates cut it, and how good that is; null if it is neither. */
function elements(text: string, templates: readonly Template[]): [Pair[] | null, Rank] {
  const result = parsed(text);
  const pairs = result instanceof ElementError ? null : result;
  if (pairs !== null) {
    const { gtin, serial, keyId, tail } = scanOf(pairs, []);
    if (gtin === null || serial === null || templates.length === 0) return [pairs, FITS];
    if (templates.some((one) => fits(one, serial, keyId, tail))) return [pairs, FITS];
  }
  const [cut, ...others] = restored(text, templates);
  if (cut !== undefined && others.length === 0 && isGtin14(cut[0]?.[1] ?? "")) return [judged(cut), CUT];
  if (pairs !== null) return [pairs, VALID];
  const [certain, ...doubts] = cut === undefined ? certainSerials(text, templates) : [];
  if (certain !== undefined && doubts.length === 0 && isGtin14(certain[0]?.[1] ?? "")) return [certain, DAMAGED];
  return [null, BROKEN];
}

function message(text: string, gs1: boolean, templates: readonly Template[]): Scan {
  let best: { pairs: Pair[] | null; rank: Rank; repairs: readonly string[] } = { pairs: null, rank: BROKEN, repairs: [] };
  let pack: Scan | null = null;
  for (const [variant, repairs] of variants(text)) {
    const [pairs, rank] = elements(variant, templates);
    // Letters that happen to look like "90…": nothing says that it is GS1.
    const keyless = !gs1 && !repairs.includes("brackets") && !["00", "01", "02"].some((ai) => has(pairs ?? [], ai));
    if (pairs !== null && !keyless && rank < best.rank) best = { pairs, rank, repairs };
    if (best.rank === FITS) break;
    pack ??= tobacco(variant, repairs);
  }
  const { pairs, rank, repairs } = best;
  if (pairs === null) return pack ?? failure(text, gs1);
  const found = scanOf(pairs, rank === CUT || rank === DAMAGED ? [...repairs, "gs_restored"] : repairs);
  return rank === DAMAGED ? { ...found, problem: "tail" } : found;
}

function tobacco(text: string, repairs: readonly string[]): Scan | null {
  const [, gtin = "", serial = ""] = TOBACCO.exec(text) ?? [];
  if (!isGtin14(gtin) || /^[0-9]+$/.test(text)) return null;
  return scan("tobacco", { gtin, serial, text, repairs });
}

function scanOf(pairs: readonly Pair[], repairs: readonly string[]): Scan {
  const ais = Object.fromEntries(pairs);
  const text = join(pairs);
  const gtin = ais["01"] ?? null;
  const serial = ais["21"] ?? null;
  if (gtin !== null && serial !== null) {
    const tail = ais["92"] ?? ais["93"] ?? null;
    return scan("mark", { gtin, serial, keyId: ais["91"] ?? null, tail, ais, repairs, text });
  }
  if (ais["00"] !== undefined) return scan("package", { sscc: ais["00"], ais, repairs, text });
  return scan("elements", { gtin, ais, repairs, text });
}

function failure(text: string, gs1: boolean): Scan {
  if (ILLEGIBLE.test(text)) return scan("unreadable", { problem: "characters", text });
  if (!gs1 && !MARK_LIKE.test(text)) return scan("other", { text });
  if (/[^\0-\x7f]/.test(text)) return scan("unreadable", { problem: "characters", text });
  const number = /^(?:[0-9]{8}|[0-9]{12,14})$/.test(text);
  return scan("unreadable", { problem: number ? "check_digit" : why(text), text });
}

/** The first thing that is wrong with the least repaired variant that begins like a message. */
function why(text: string): string {
  let problem = "syntax";
  for (const variant of variants(text).keys()) {
    const error = parsed(variant);
    if (!(error instanceof ElementError)) continue;
    const field = variant.slice(18).split(GS, 1)[0] ?? "";
    if (error.problem === "length" && error.ai === "21" && /9[123]/.test(field)) return "gs_lost";
    if (problem === "syntax") problem = error.problem;
  }
  return problem;
}

/** The mark as caps lock would have been off: text alone cannot tell, so try it against the register. Else null. */
export function swappedCase(read: Scan): Scan | null {
  if (read.kind !== "mark") return null;
  const swapped = (text: string): string => text.replace(/[a-z]|[A-Z]/g,
    (letter) => (letter < "a" ? letter.toLowerCase() : letter.toUpperCase()));
  // Split again: an object would not keep the order of its numeric-looking keys.
  const pairs = parse(read.text).map(([ai, value]): Pair => [ai, swapped(value)]);
  return join(pairs) === read.text ? null : scanOf(pairs, [...read.repairs, "case"]);
}
