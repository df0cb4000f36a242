/** States, deadlines and things of an act, in words. */

import type { Act, ActLine, ActRow, ActState, Put } from "../../api/acts";
import { type Progress, ssccOf } from "../../domain/acts";
import { formatDate, formatNumber, hasWords, type Key, lang, t } from "../../i18n";
import type { Tone } from "../../ui/list";

export const TONES: Record<ActState, Tone> = {
  draft: "quiet",
  checking: "care",
  waiting_participant: "care",
  sent: "brand",
  viewed: "brand",
  clarification: "care",
  deciding: "care",
  accepted: "ok",
  partly_accepted: "care",
  rejected: "stop",
  expired: "stop",
  cancelled: "quiet",
  annulment_requested: "care",
  annulled: "quiet",
};

/** The receiver may decide. */
export const AWAITED: readonly ActState[] = ["sent", "viewed", "clarification"];
/** The codes are bound and nobody has decided. */
export const OPEN: readonly ActState[] = ["waiting_participant", ...AWAITED];
/** What somebody still has to do something about. */
export const ACTIVE: readonly ActState[] = ["draft", "checking", ...OPEN, "deciding", "annulment_requested"];
/** The goods are the sender's again, and may be sent once more. */
export const RETURNED: readonly ActState[] = ["rejected", "expired", "cancelled"];
/** The receiver took all, or some. */
export const DECIDED: readonly ActState[] = ["accepted", "partly_accepted"];

const DAY = 86_400_000;
const ALMATY = 5 * 3_600_000;

/** Whole days of the calendar of Kazakhstan from now to an instant; negative once it is past. */
export function daysTo(instant: string, now = Date.now()): number {
  const day = (at: number): number => Math.floor((at + ALMATY) / DAY);
  return day(Date.parse(instant)) - day(now);
}

/** Calendar days until the term of an act that somebody waits for is over, else null. */
function daysLeft({ state, due_at: due }: ActRow): number | null {
  // The term ends with its last day, so that midnight after it is not a day more.
  return due && OPEN.includes(state) ? daysTo(new Date(Date.parse(due) - 1).toISOString()) : null;
}

/** As near as the last reminder but one: from here on the term is everybody's concern. */
const NEAR = 7;

export function urgent(row: ActRow): boolean {
  return (daysLeft(row) ?? NEAR + 1) <= NEAR;
}

/** "Expires in 2 days" while somebody waits for a decision, else null. */
export function deadline(row: ActRow): string | null {
  const left = daysLeft(row);
  if (left === null) return null;
  if (left < 0) return t("acts.due_past");
  return left === 0 ? t("acts.due_today") : t("acts.due_in", { count: left });
}

/** Who stands on the other side. */
export function other(row: ActRow): string {
  const party = row.ours === "receiver" ? row.sender : row.receiver;
  return called(party) || t("acts.no_buyer");
}

/** A party as it is called in this language; one that is not registered as it was typed. */
export function called({ names, name, tax_number: number }: ActRow["sender"]): string {
  return names?.[lang.value] || name || number || "";
}

export function title({ number }: ActRow): string {
  return t("acts.act_number", { number });
}

/** The year as it stands in a date, in each of the three languages. */
const YEAR = /^\d{4}\u00a0ж\. | \d{4}(\u00a0г\.)?$/;

/** The day of an act; the year is said only when it is another one. */
export function day(row: ActRow, now = Date.now()): string {
  const at = row.sent_at ?? row.transfer_date;
  const year = (when: number): number => new Date(when + ALMATY).getUTCFullYear();
  return year(Date.parse(at)) === year(now) ? formatDate(at).replace(YEAR, "") : formatDate(at);
}

/** A product as people know it, with the size where it has one. */
export function product({ names, attributes }: ActLine): string {
  const { size } = attributes;
  const name = names[lang.value];
  return typeof size === "string" || typeof size === "number" ? `${name}, ${size}` : name;
}

export function productOf(act: Act, card: string | null): string {
  const line = act.lines.find(({ card_id: id }) => id === card);
  return line ? product(line) : t("acts.several_products");
}

/** Else a line may end between the dots and the code. */
const WORD_JOINER = "\u2060";

/** The end of a code, by which it is found on the box. */
export function short(code: string): string {
  const box = ssccOf(code) ?? (/^[0-9]{18}$/.test(code) ? code : null);
  const end = box ? t("acts.box_short", { code: box.slice(-5) }) : `…${code.slice(-8)}`;
  return end.replace("…", `…${WORD_JOINER}`);
}

export function ratio({ found, expected }: Progress): string {
  return `${formatNumber(found)} / ${formatNumber(expected)}`;
}

/** What is wrong with a box itself; anything else is about what lies in it. */
const OF_BOXES: ReadonlySet<string> = new Set(["unknown", "opened", "packed"]);

/** Why something may not go along, and what to do; a box that is in the way is named. */
export function whyNot({ text, reason, package: around }: Put): string {
  const why = reason ?? "unknown";
  const box = ssccOf(text) !== null;
  const key = box && why === "unknown" ? "acts.why_unknown_box" : `acts.why_${why}`;
  const words = t(hasWords(key) ? key : ("acts.why_other" as Key), { package: around ? short(`00${around}`) : "" });
  return box && !OF_BOXES.has(why) ? t("acts.why_inside", { why: words }) : words;
}
