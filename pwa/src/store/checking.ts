/**
 * A check from scan to verdict: the server first, and after 2.5 s without it the device's own judgement, which the server's
 * late or later answer replaces.
 */

import { signal } from "@preact/signals";
import { ApiError } from "../api/client";
import { type Answer, type Question, verify } from "../api/verification";
import { deviceId, newId } from "./device";
import { beginning, type Check, remember } from "./history";
import { online } from "./network";
import { apply, onRefined, queue } from "./rechecks";

export interface Scanned {
  text: string;
  symbology: string | null;
  source: NonNullable<Question["source"]>;
  /** The symbol was seen, but could not be read. */
  located?: boolean;
}

/** One row of what is on screen; `check` is null while the answer is awaited. */
export interface Shown {
  id: string;
  check: Check | null;
}

/** The verdicts on screen: none (scanning), one, or one per code of a picture. */
export const showing = signal<readonly Shown[]>([]);

/** Milliseconds that the server gets before the device speaks; less when it was away a moment ago. */
const BUDGET = 2_500;
const BUDGET_AWAY = 800;
const LONGEST = 4_096;

export function close(): void {
  showing.value = [];
}

export function open(check: Check): void {
  showing.value = [{ id: check.id, check }];
}

onRefined((check) => {
  const here = showing.value.some((shown) => shown.id === check.id);
  if (here) place(check);
  return here;
});

/** Judges one scan and shows it beside those that already show. Never throws. */
export async function check(scan: Scanned): Promise<Check> {
  const id = newId();
  showing.value = [...showing.value, { id, check: null }];
  const { judged, later } = await judge(id, scan);
  place(judged);
  await remember(judged);
  if (later) void follow(judged, later, scan);
  return judged;
}

/** Waits for the server's late answer; where none comes, the question is kept for the day it can be asked. */
async function follow(judged: Check, later: Promise<Answer>, scan: Scanned): Promise<void> {
  try {
    await apply(judged, await later);
  } catch {
    await queue({ id: judged.id, at: judged.at, question: questionOf(scan) });
  }
}

function place(check: Check): void {
  showing.value = showing.value.map((shown) => (shown.id === check.id ? { id: check.id, check } : shown));
}

interface Judgement {
  judged: Check;
  /** The server's answer, when the device spoke first. */
  later?: Promise<Answer>;
}

async function judge(id: string, scan: Scanned): Promise<Judgement> {
  const at = Date.now();
  const { text, symbology, source } = scan;
  const entry = (answer: Answer, code: string, parts: Partial<Check> = {}): Check => ({
    id, at, source, code, answer, by: "server", took: Date.now() - at, pending: false, trouble: null, before: null, ...parts,
  });
  const byDevice = async (parts: Partial<Check> = {}): Promise<Check> => {
    try {
      const offline = await import("./offline");
      return entry(await offline.judge(text, symbology), offline.shownCode(text, symbology), { by: "device", ...parts });
    } catch {
      // The judging part is not on the device yet, or the page is not secure enough for cryptography.
      return entry(nothingKnown(), beginning(text), { by: "device", ...parts });
    }
  };

  const problem = scan.located ? "damaged" : tooLong(text) ? "length" : null;
  if (problem) {
    const judged = await byDevice();
    const answer: Answer = { ...judged.answer, outcome: "unreadable", look: "unknown", advice: "advice.unreadable", problem };
    return { judged: { ...judged, answer } };
  }

  const asked = verify(questionOf(scan));
  const budget = online.value ? BUDGET : BUDGET_AWAY;
  const first = await Promise.race([asked.catch((error: unknown) => error as Error), pause(budget)]);
  if (first && !(first instanceof Error)) {
    return { judged: entry(first, codeOf(first) ?? beginning(text)) };
  }
  const refused = first instanceof ApiError && first.status > 0 ? first : null;
  if (refused && !refused.passing) return { judged: await byDevice({ trouble: refused.code }) };
  const judged = await byDevice({ pending: true, trouble: refused?.code ?? null });
  // A text that is no mark stays none, whatever the server knows.
  if (["not_a_mark", "unreadable"].includes(judged.answer.outcome)) return { judged: { ...judged, pending: false, trouble: null } };
  return { judged, later: asked };
}

/** The identification code as the server parsed it: what may be kept and shown, never the tail. */
export function codeOf({ parsed }: Answer): string | null {
  if (parsed.sscc) return `00${parsed.sscc}`;
  if (parsed.kind === "fur") return parsed.serial;
  if (parsed.kind === "tobacco" && parsed.gtin) return `${parsed.gtin}${parsed.serial ?? ""}`;
  if (parsed.kind === "mark" && parsed.gtin && parsed.serial) return `01${parsed.gtin}21${parsed.serial}`;
  return parsed.gtin;
}

function nothingKnown(): Answer {
  return {
    outcome: "unknown_offline",
    look: "unknown",
    parsed: { kind: "other", gtin: null, serial: null, key_id: null, sscc: null, ais: {} },
    product: null,
    checked_at: new Date().toISOString(),
    advice: "advice.unknown_offline",
    group: null,
    repairs: [],
    problem: null,
    foreign: null,
    event: null,
    package: null,
    seller: null,
    checks: null,
  };
}

function questionOf({ text, symbology, source }: Scanned): Question {
  return { code: text, source, device: deviceId(), ...(symbology ? { symbology } : {}) };
}

function tooLong(text: string): boolean {
  return new TextEncoder().encode(text).length > LONGEST;
}

function pause(milliseconds: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), milliseconds));
}
