/** Checks made without the server, asked again when it is back; what it says replaces what the device had to guess. */

import { signal } from "@preact/signals";
import { ApiError } from "../api/client";
import { type Answer, verify } from "../api/verification";
import { lookOf } from "../domain/verdict";
import { onDevice, type Recheck } from "./db";
import { type Check, recallOne, remember } from "./history";

export interface Refined {
  count: number;
  /** Those that turned out to be refused goods and were not before: they must be said plainly. */
  stops: Check[];
}

/** What the last runs brought and nobody has read yet. */
export const refined = signal<Refined | null>(null);

/** How many checks wait for the server. */
export const queued = signal(0);

/** Takes a refined check to the verdict that still shows it; false when none does. */
type Listener = (check: Check) => boolean;
let told: Listener = () => false;

export function onRefined(listener: Listener): void {
  told = listener;
}

export async function queue(recheck: Recheck): Promise<void> {
  await onDevice((db) => db.put("rechecks", recheck), "");
  await count();
}

export async function count(): Promise<void> {
  queued.value = await onDevice((db) => db.count("rechecks"), 0);
}

let running: Promise<void> | null = null;

/** Asks for all that waits, oldest first, one at a time; stops at the first sign that the server is away again. */
export function runRechecks(): Promise<void> {
  running ??= run().finally(() => {
    running = null;
  });
  return running;
}

async function run(): Promise<void> {
  for (const recheck of await onDevice((db) => db.getAllFromIndex("rechecks", "at"), [])) {
    try {
      await refine(recheck, await verify(recheck.question));
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) break;
      // The server will never take this text; the device's judgement stands.
      await settle(recheck.id);
    }
  }
  await count();
}

async function refine(recheck: Recheck, answer: Answer): Promise<void> {
  const before = await recallOne(recheck.id);
  await settle(recheck.id);
  if (!before) return;
  await apply(before, answer);
}

/** Puts the server's later word into the history, and onto the screen or else among the news. */
export async function apply(before: Check, answer: Answer): Promise<Check> {
  const check: Check = {
    ...before,
    answer,
    by: "server",
    took: null,
    pending: false,
    trouble: null,
    before: { outcome: before.answer.outcome, at: before.at },
  };
  await remember(check);
  if (told(check)) return check;
  const [was, is] = [before, check].map((one) => lookOf(one.answer, { by: one.by, age: 0 }));
  const sofar = refined.value ?? { count: 0, stops: [] };
  refined.value = { count: sofar.count + 1, stops: is === "stop" && was !== "stop" ? [...sofar.stops, check] : sofar.stops };
  return check;
}

async function settle(id: string): Promise<void> {
  await onDevice((db) => db.delete("rechecks", id), undefined);
}
