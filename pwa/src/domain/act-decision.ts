/**
 * What the receiver decides about an act, and the bytes that are signed for it: made on the device where the server
 * cannot be reached, the same JCS (RFC 8785) envelope that the server rebuilds and verifies the signature over.
 */

import type { Reconciliation } from "./acts";

/** Why a unit is not taken; "other" needs words. */
export const REASONS = ["missing", "damaged", "other_goods", "not_ordered", "unreadable", "other"] as const;
export type Reason = (typeof REASONS)[number];

/** `photos` are the SHA-256 of files that show it, in the order of taking. */
export interface Why {
  reason: Reason;
  words: string;
  photos?: string[];
}

/**
 * What the person said beyond the scans: `missing` holds for all that was not found, `lines` for one box or unit of it;
 * `refused` are lines that came and are not taken all the same.
 */
export interface Remarks {
  missing: Why;
  lines: Readonly<Record<string, Why>>;
  refused: Readonly<Record<string, Why>>;
}

export interface Rejected extends Why {
  code: string;
}

/** The decision as the server takes it. */
export interface Decision {
  mode: "full" | "sample" | "trust";
  rejected: Rejected[];
  extra: string[];
  sampled: number;
  all_rejected: boolean;
  place_id: string | null;
  /** Why all is rejected at once, where no unit carries the reason. */
  reason?: Reason;
  words?: string;
}

export const NOTHING_SAID: Remarks = { missing: { reason: "missing", words: "" }, lines: {}, refused: {} };

/** All is taken: on trust, by a sample where some units were scanned, as checked where all were. */
export function acceptAll(units: number, found: number, place: string | null): Decision {
  const mode = found === 0 ? "trust" : found < units ? "sample" : "full";
  return { ...EMPTY, mode, sampled: mode === "sample" ? found : 0, place_id: place };
}

/** What was found is taken, the rest is not, each unit with the reason of its line. */
export function acceptFound(seen: Reconciliation, remarks: Remarks, place: string | null): Decision {
  const rejected: Rejected[] = [];
  for (const line of seen.lines) {
    const refused = remarks.refused[line.id];
    const why = refused ?? remarks.lines[line.id] ?? remarks.missing;
    const codes = refused ? seen.codes(line.id) : line.found < line.expected ? seen.missing(line.id) : [];
    for (const code of codes) rejected.push(unit(code, why));
  }
  return { ...EMPTY, mode: "full", rejected, extra: [...seen.extra], place_id: place };
}

/** Nothing is taken. Where the contents are known, every unit carries the reason, else the decision does. */
export function rejectAll(seen: Reconciliation | null, why: Why): Decision {
  if (!seen || seen.expected === 0) return { ...EMPTY, all_rejected: true, reason: why.reason, words: why.words.trim() };
  const rejected = seen.lines.flatMap(({ id }) => seen.codes(id)).map((code) => unit(code, why));
  return { ...EMPTY, rejected, extra: [...seen.extra] };
}

/** A unit without photos keeps the bytes that it always had. */
function unit(code: string, { reason, words, photos = [] }: Why): Rejected {
  return { code, reason, words: words.trim(), ...(photos.length > 0 && { photos: [...photos] }) };
}

/** Every photo that a decision names, once. */
export function photosOf({ rejected }: Decision): string[] {
  return [...new Set(rejected.flatMap(({ photos = [] }) => photos))];
}

/** Whether a reason is whole: "other" says nothing without words. */
export function said({ reason, words }: Why): boolean {
  return reason !== "other" || words.trim() !== "";
}

const EMPTY: Decision = { mode: "trust", rejected: [], extra: [], sampled: 0, all_rejected: false, place_id: null };

export const ACCEPTANCE = "kz.tanba.act-acceptance/v1";

/** @param sha256 of the act as its sender signed it, hexadecimal. */
export function decisionBytes(act: string, sha256: string, receiver: { bin: string; name: string }, decision: Decision): Uint8Array<ArrayBuffer> {
  const { mode, rejected, extra, sampled, all_rejected, place_id } = decision;
  const content = {
    schema: ACCEPTANCE,
    act,
    act_sha256: sha256,
    receiver,
    place: place_id,
    mode,
    sampled,
    all_rejected,
    rejected: [...rejected].sort((one, other) => order(one.code, other.code)).map((one) => unit(one.code, one)),
    extra: [...extra].sort(order),
    ...(decision.reason ? { reason: decision.reason, words: decision.words ?? "" } : {}),
  };
  return new TextEncoder().encode(canonical(content));
}

/** Keys in the order of their UTF-16 units, text in NFC; numbers are whole here, so that JSON writes them as JCS does. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "string") return JSON.stringify(value.normalize("NFC"));
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.entries(value).sort(([one], [other]) => order(one, other));
  return `{${pairs.map(([key, inside]) => `${canonical(key)}:${canonical(inside)}`).join(",")}}`;
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
