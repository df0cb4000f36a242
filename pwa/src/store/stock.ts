/** What the server last said of stock, kept on this device so that it can be looked at without network. */

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError } from "../api/client";
import { useAttempt } from "./attempt";
import { onDevice, surely } from "./db";
import { onReconnect } from "./network";
import { me } from "./session";

/** `id` begins with the organisation that may see it. `at` is in milliseconds. */
export interface KeptStock {
  id: string;
  at: number;
  answer: unknown;
}

export interface Known<Answer> {
  answer: Answer;
  at: number;
}

/** As many answers as are kept; the oldest go first. */
const MOST = 200;

const named = (name: string): string => `${me.value?.organisation.id ?? ""} ${name}`;

export interface Loaded<Answer> {
  known: Signal<Known<Answer> | null>;
  failure: ApiError | null;
  again: () => void;
}

/** An answer under a name: first what the device has (under this name, or `otherwise`), then what the server says. */
export function useKept<Answer>(name: string, ask: () => Promise<Answer>, otherwise?: () => Promise<Known<Answer> | undefined>): Loaded<Answer> {
  const known = useSignal<Known<Answer> | null>(null);
  const { failure, run } = useAttempt();
  const latest = useSignal(name);
  latest.value = name;
  const again = (): void =>
    void run(async () => {
      const answer = await ask();
      // A slow answer to what was typed before must not stand over a later one.
      if (latest.peek() !== name) return;
      known.value = { answer, at: Date.now() };
      await keepStock(name, answer);
    });
  useEffect(() => {
    known.value = null;
    void recallStock<Answer>(name)
      .then((kept) => kept ?? otherwise?.())
      .then((kept) => {
        if (kept && !known.value && latest.peek() === name) known.value = kept;
      });
    again();
    return onReconnect(again);
  }, [name]);
  return { known, failure, again };
}

export async function recallStock<Answer>(name: string): Promise<Known<Answer> | undefined> {
  return (await onDevice((db) => db.get("stock", named(name)), undefined)) as Known<Answer> | undefined;
}

export async function keepStock(name: string, answer: unknown): Promise<void> {
  await onDevice(async (db) => {
    const writing = db.transaction("stock", "readwrite");
    await writing.store.put({ id: named(name), at: Date.now(), answer });
    let over = (await writing.store.count()) - MOST;
    for (let cursor = over > 0 ? await writing.store.index("at").openCursor() : null; cursor && over > 0; over -= 1) {
      if (!cursor.value.id.endsWith(PACKING)) await cursor.delete();
      cursor = await cursor.continue();
    }
    await writing.done;
  }, undefined);
}

const PACKING = " packing";

/** What was scanned for a package that is being packed; survives a closed app. */
export async function packingScans(): Promise<string[]> {
  return (await recallStock<string[]>("packing"))?.answer ?? [];
}

/** Resolves when the scans are on the device. @throws ApiError device.not_saved */
export async function keepPacking(codes: readonly string[]): Promise<void> {
  try {
    await surely((db) => db.put("stock", { id: named("packing"), at: Date.now(), answer: codes }));
  } catch {
    throw new ApiError("device.not_saved", 0);
  }
}
