/**
 * The bytes that a receiver signs for a decision, made on the device where the server cannot be reached: the same JCS
 * (RFC 8785) envelope that the server rebuilds and verifies the signature over.
 */

import type { Decision } from "./acts";

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
    rejected: [...rejected].sort((one, other) => order(one.code, other.code)).map(({ code, reason, words }) => ({ code, reason, words })),
    extra: [...extra].sort(order),
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
