/** Own checks, kept on this device alone, without the codes' tails, and erasable. */

import { signal } from "@preact/signals";
import type { Answer, Question } from "../api/verification";
import { onDevice } from "./db";

export interface Check {
  id: string;
  /** Milliseconds: when the code was scanned. */
  at: number;
  source: NonNullable<Question["source"]>;
  /** The identification code without tail; for what is no mark, the beginning of the text. */
  code: string;
  answer: Answer;
  by: "server" | "device";
  /** Milliseconds that the answer took; null for a later refinement. */
  took: number | null;
  /** True while the server's word is still to come. */
  pending: boolean;
  /** Why the server refused to judge, an error code; null when it was simply not reached or did judge. */
  trouble: string | null;
  /** What the device had said before the server knew better. */
  before: { outcome: string; at: number } | null;
}

const MOST = 500;

/** Changes whenever the history does; screens that list it read this. */
export const historyVersion = signal(0);

/**
 * What may be kept of a text that is no whole code: its beginning, and of what looks like a marking code no more than an
 * identification code is long, so that no tail stays on the device.
 */
export function beginning(text: string): string {
  const mark = /^[^0-9A-Za-z]{0,4}0[01]|^\][A-Za-z]\d|\u001d/.test(text);
  return mark ? text.replace(/\u001d.*/s, "").slice(0, 31) : text.slice(0, 120);
}

export async function remember(check: Check): Promise<void> {
  await onDevice(async (db) => {
    await db.put("checks", check);
    const surplus = (await db.count("checks")) - MOST;
    if (surplus > 0) {
      const oldest = await db.getAllKeysFromIndex("checks", "at", null, surplus);
      await Promise.all(oldest.flatMap((id) => [db.delete("checks", id), db.delete("rechecks", id)]));
    }
  }, undefined);
  historyVersion.value += 1;
}

/** @returns newest first. */
export async function recall(): Promise<Check[]> {
  return (await onDevice((db) => db.getAllFromIndex("checks", "at"), [])).reverse();
}

export function recallOne(id: string): Promise<Check | undefined> {
  return onDevice((db) => db.get("checks", id), undefined);
}

export async function forget(id: string): Promise<void> {
  await onDevice(async (db) => {
    await db.delete("checks", id);
    await db.delete("rechecks", id);
  }, undefined);
  historyVersion.value += 1;
}

export async function forgetAll(): Promise<void> {
  await onDevice(async (db) => {
    await db.clear("checks");
    await db.clear("rechecks");
  }, undefined);
  historyVersion.value += 1;
}
