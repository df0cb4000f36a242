/**
 * What keyboards, spreadsheets, web pages and label texts do to a code, undone; each repair has a name. `clean` undoes
 * what no valid code can contain; `variants` are undoings of which a code could be an innocent victim.
 */
import { ElementError, GS, join, splitBracketed, type Pair } from "./gs1-elements";
import { unlayout } from "./gs1-layouts";
import { unescape } from "./gs1-link";
import { identifierOf } from "./gs1-table";

const NOTATION = /_x001d_|\\u001d|\\x1d|\\035|<gs>|\{gs\}|\[gs\]|<fnc1>|\{fnc1\}|\[fnc1\]|\^fnc1|␝|\^\]|&#29;|&#x0*1d;|<0x1d>|\{0x1d\}|\[0x1d\]/gi;
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#([0-9]{2,3})|#[xX]([0-9A-Fa-f]{2}));/g;
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export const GS1_SYMBOLOGIES: ReadonlySet<string | null> = new Set(
  ["]d2", "]d5", "]d8", "]C1", "]Q3", "]e0", "]J1"]);

const entities = (text: string): string => text.replace(ENTITY,
  (_, name?: string, decimal?: string, hexadecimal = "0") => ENTITIES[name ?? ""]
    ?? String.fromCharCode(decimal ? Number(decimal) : parseInt(hexadecimal, 16)));

function utf8ReadAsLatin1(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  try {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return text;
  }
}

function unquoted(text: string): string {
  if (/^".*"$/s.test(text)) return text.slice(1, -1).replaceAll('""', '"');
  // A spreadsheet's text mark stands before the first digit, where no code has an apostrophe.
  return text.replace(/^'(?=[0-9([])/, "");
}

const trim = (text: string): string => text.replace(/^[ \t\r\n]+/, "").replace(/[ \t\r\n]+$/, "");

/** Text without symbology identifier and leading FNC1 (GS or è); the identifier, "]d2" if only FNC1 said it. */
export function withoutPrefix(text: string): [text: string, symbology: string | null] {
  const found = /^\][A-Za-z][0-9A-Za-z]/.exec(text)?.[0] ?? null;
  const rest = found === null ? text : text.slice(3);
  return /^[\x1d\xe8]/.test(rest) ? [rest.slice(1), found ?? "]d2"] : [rest, found];
}

const CLEANING: readonly (readonly [string, (text: string) => string])[] = [
  ["encoding", utf8ReadAsLatin1],
  ["invisible", (text) => text
    .replace(/[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff]/g, "")
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, " ")],
  ["", trim],
  ["layout", unlayout],
  ["quotes", unquoted],
  ["quotes", (text) => text.replace(/\\(["'/\\])/g, "$1")],
  ["gs_notation", (text) => text.replace(NOTATION, GS)],
  ["html", entities],
];

/** Undo what cannot be part of a code. */
export function clean(text: string): { text: string; repairs: string[]; symbology: string | null } {
  const repairs = new Set<string>();
  for (const [name, undo] of CLEANING) {
    const undone = undo(text);
    if (undone !== text && name) repairs.add(name);
    text = undone;
  }
  const [bare, symbology] = withoutPrefix(text);
  if (bare !== text) repairs.add("prefix");
  return { text: trim(bare), repairs: [...repairs], symbology };
}

function brackets(text: string): string {
  const round = text.startsWith("[") ? text.replaceAll("[", "(").replaceAll("]", ")") : text;
  if (!round.startsWith("(")) return text;
  let pairs: Pair[];
  try {
    pairs = splitBracketed(round).map(([ai, value]): Pair => [ai, value.replace(/^ +| +$/g, "").replace(/\x1d$/, "")]);
  } catch (error) {
    if (error instanceof ElementError) return round;
    throw error;
  }
  // A value of predefined length must be exactly that long: joined, its surplus would pass for an identifier.
  const exact = pairs.every(([ai, value]) => value.length === (identifierOf(ai)?.predefined ?? value.length));
  return exact ? join(pairs) : round;
}

const UNDOINGS: readonly (readonly [string, (text: string) => string])[] = [
  ["brackets", brackets],
  ["percent", (text) => unescape(text)],
  ["html", entities],
  ["quotes", (text) => text.replaceAll('""', '"')],
  ["gs_notation", (text) => text.replace(/[ \t\r\n]+/g, GS)],
  ["invisible", (text) => text.replace(/[ \t\r\n]+/g, "")],
  ["ai_restored", (text) => (/^[0-9]{14}21/.test(text) ? `01${text}` : text)],
];

/** The text and what it may have been, least intervention first, with the repairs that lead there. */
export function variants(text: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>([[text, []]]);
  for (const [name, undo] of UNDOINGS) {
    for (const [known, repairs] of [...found]) {
      const undone = undo(known);
      if (!found.has(undone)) found.set(undone, [...repairs, name]);
    }
  }
  return found;
}
