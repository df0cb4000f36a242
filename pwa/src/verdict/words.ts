/** From an answer to the words on the screen: which sentence, which advice, which names. */

import type { Names } from "../api/verification";
import { isOutcome, isPast, type Look, lookOf } from "../domain/verdict";
import { formatDateTime, hasWords, type Key, lang, t, tCode } from "../i18n";
import type { GlyphName } from "../ui/icons";
import type { Check } from "../store/history";

export interface Said {
  look: Look;
  glyph: GlyphName;
  /** One or two words: the look. */
  word: string;
  /** What it is, in a phrase. */
  outcome: string;
  /** One sentence. */
  text: string;
  /** What to do next. */
  advice: string;
}

/** @param now milliseconds; green fades with age. */
export function say(check: Check, now: number, mismatch = false): Said {
  const { answer, by } = check;
  const circumstances = { by, age: now - Date.parse(answer.checked_at) };
  if (mismatch) {
    return {
      look: "care",
      glyph: "care",
      word: t("verdict.look.care"),
      outcome: t("verdict.outcome.mismatch"),
      text: t("verdict.text.mismatch"),
      advice: t("advice.mismatch"),
    };
  }
  const look = lookOf(answer, circumstances);
  if (isPast(answer, circumstances)) {
    return {
      look,
      glyph: "ok",
      word: t("verdict.look.past"),
      outcome: outcomeWords(answer.outcome),
      text: t("verdict.text.past", { when: formatDateTime(answer.checked_at) }),
      advice: t("advice.past"),
    };
  }
  return {
    look,
    glyph: answer.outcome === "issued_offline" ? "seal" : look,
    word: t(`verdict.look.${look}`),
    outcome: outcomeWords(answer.outcome),
    text: sentence(check),
    advice: tCode(answer.advice, "advice.other"),
  };
}

export function outcomeWords(outcome: string): string {
  return isOutcome(outcome) ? t(`verdict.outcome.${outcome}`) : t("verdict.outcome.other");
}

function sentence({ answer, by, code, pending, trouble }: Check): string {
  const { outcome, problem, foreign, package: inside, parsed } = answer;
  if (inside) {
    const worst = outcomeWords(inside.worst);
    return t(inside.worst === "in_circulation" ? "verdict.text.package_ok" : "verdict.text.package_worst", { count: inside.count, worst });
  }
  switch (outcome) {
    case "in_circulation":
      return answer.look === "ok" ? t("verdict.text.in_circulation") : t("verdict.text.typed");
    case "sold":
      return answer.look === "care" ? t("verdict.text.sold_recently") : t("verdict.text.sold");
    case "withdrawn":
      return by === "device" ? t("verdict.text.withdrawn_offline") : t("verdict.text.withdrawn");
    case "foreign":
      return foreign ? t("verdict.text.foreign", { system: systemName(foreign.system) }) : t("verdict.text.foreign_unnamed");
    case "not_a_mark":
      if (/^https?:/i.test(code)) return t("verdict.text.link");
      return t(KINDS[parsed.kind] ?? "verdict.text.not_a_mark");
    case "unreadable":
      return problem ? tCode(`verdict.problem.${problem}`, "verdict.problem.other") : t("verdict.text.unreadable");
    case "issued_offline":
      return answer.as_of
        ? t("verdict.text.issued_offline_as_of", { when: formatDateTime(answer.as_of) })
        : t("verdict.text.issued_offline");
    case "unknown_offline":
      if (trouble) return tCode(`errors.${trouble}`, "verdict.text.server_silent");
      return pending && navigator.onLine ? t("verdict.text.server_silent") : t("verdict.text.unknown_offline");
    default:
      return tCode(`verdict.text.${outcome}`, "verdict.text.other");
  }
}

const KINDS: Record<string, Key> = {
  gtin: "verdict.text.barcode",
  elements: "verdict.text.elements",
};

export function systemName(system: string): string {
  return tCode(`system.${system}`, "system.gs1_other");
}

/** Where a person can check a mark of that system; systems without a public check have none. */
export const SYSTEM_SITES: Record<string, string> = {
  chestny_znak: "https://честныйзнак.рф/",
  asl_belgisi: "https://aslbelgisi.uz/",
  belarus: "https://datamark.by/",
};

export function nameIn(names: Names | undefined | null): string {
  return names ? names[lang.value] || names.kk || names.ru : "";
}

export function productName({ answer }: Check): string {
  const { product, parsed, package: inside } = answer;
  if (product) return nameIn(product.names);
  return inside || parsed.kind === "package" ? t("verdict.package_title") : "";
}

export function countryName(code: string): string {
  const key = `country.${code}`;
  return hasWords(key) ? t(key) : code;
}
