/**
 * Whether the browser has thrown away what waited. A mark in the database and the same mark beside it, in the one storage
 * that Chromium does not clear under pressure, nor when a database breaks: where only the latter is left, the database is a
 * new one. Browsers that clear both at once (a site's data deleted by hand, Safari after a week) leave nothing to tell by.
 */

import { type Signal, signal } from "@preact/signals";
import { surely } from "./db";
import { newId } from "./device";

/** At most so many, because some may have been sent since they were counted. `at`, milliseconds: when they were. */
export interface Loss {
  count: number;
  at: number;
}

interface Note extends Loss {
  /** The database that they lay in. */
  mark: string;
}

const BESIDE = "tanba.outbox";
const LOST = "tanba.outbox.lost";

/** What was lost, until the person has read of it. */
export const loss: Signal<Loss | null> = signal(read<Loss>(LOST));

/** Looks once at each start. @returns the mark of the database; null where the device lets nobody look. */
export async function lookForLoss(): Promise<string | null> {
  const before = read<Note>(BESIDE);
  try {
    const mark = await marked();
    if (before && before.mark !== mark && before.count > 0) write(LOST, (loss.value = { count: before.count, at: before.at }));
    return mark;
  } catch {
    return null;
  }
}

/** Notes beside the database how much waits in it. */
export function noteWaiting(mark: string, count: number): void {
  write(BESIDE, { mark, count, at: Date.now() } satisfies Note);
}

export function lossIsKnown(): void {
  write(LOST, (loss.value = null));
}

/** The mark of this database, made with the first look into it; two tabs make one. */
async function marked(): Promise<string> {
  return surely(async (db) => {
    const writing = db.transaction("kept", "readwrite");
    const mark = ((await writing.store.get("mark")) as string | undefined) ?? newId();
    await Promise.all([writing.store.put(mark, "mark"), writing.done]);
    return mark;
  });
}

function read<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") as T | null;
  } catch {
    return null;
  }
}

function write(name: string, value: object | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage is blocked: a loss is not noticed.
  }
}
