/**
 * An act in the making. Scans go to the device first, then in batches to the server, which says of each whether it may
 * go along; the act itself is made on the server with the first batch that reaches it.
 */

import { type Signal, signal } from "@preact/signals";
import * as api from "../api/acts";
import type { Act, ActTyped, Put } from "../api/acts";
import { ApiError, newKey } from "../api/client";
import { identificationCode, read } from "../domain/gs1";
import { clearScans, dropScans, forgetAct, keepAct, keepAnswers, keepScan, keepScans, type KeptScan, ownOrganisation, readAct, scansOf } from "./acts";
import { onDevice } from "./db";
import { templates } from "./groups";
import { onReconnect } from "./network";

/** `key` makes the act once, however often that is tried. */
export interface Begun {
  owner: string;
  key: string;
}

/** Stands for the act that the server does not have yet. */
export const NEW = "new";
/** As many scans as one request carries: few enough for an answer within a second. */
const BATCH = 200;

export type Read = { what: "new" | "again"; code: string } | { what: "not_a_mark"; code: null };

export interface Draft {
  act: Signal<Act | null>;
  scans: Signal<readonly KeptScan[]>;
  /** How many scans the server has not judged yet. */
  waiting: Signal<number>;
  failure: Signal<ApiError | null>;
  /** @returns what is known at once: read again, no mark, or new; and the identification code. */
  scan(text: string, symbology: string | null): Read;
  /** Takes codes and boxes out, from the device and from the act, whoever put them in. @throws ApiError */
  remove(codes: readonly string[]): Promise<void>;
  /** Sends what waits, and makes the act if it is not there; throws nothing, `failure` says what is wrong. */
  push(): Promise<void>;
  /** Saves what was typed. @throws ApiError */
  save(typed: ActTyped): Promise<Act>;
  stop(): void;
}

/** @param known the act where the server has it, else the one that this device began. */
export async function openDraft(known: Act | null, told: (put: Put) => void): Promise<Draft> {
  const act = signal(known);
  const scans = signal<readonly KeptScan[]>(await scansOf(known?.id ?? NEW));
  const waiting = signal(0);
  const failure = signal<ApiError | null>(null);
  const count = (): void => void (waiting.value = scans.value.filter(({ answer }) => answer === null).length);
  const have = new Set(scans.value.map(({ code }) => code));
  let written: Promise<unknown> = Promise.resolve();
  let running: Promise<void> | null = null;
  let asked = false;
  let over = false;
  count();

  function scan(text: string, symbology: string | null): Read {
    const code = identificationCode(read(text, symbology, templates()));
    if (code === null) return { what: "not_a_mark", code };
    if (have.has(code)) return { what: "again", code };
    have.add(code);
    written = written
      .then(() => keepScan(act.value?.id ?? NEW, code))
      .then((one) => {
        scans.value = [...scans.value, one];
        count();
        void push();
      })
      .catch((error: unknown) => {
        have.delete(code);
        if (error instanceof ApiError) failure.value = error;
        else throw error;
      });
    return { what: "new", code };
  }

  function push(): Promise<void> {
    asked = true;
    running ??= (async () => {
      while (asked && !over) {
        asked = false;
        await attempt();
      }
    })().finally(() => (running = null));
    return running;
  }

  async function attempt(): Promise<void> {
    try {
      failure.value = null;
      while (!over) {
        const batch = scans.value.filter(({ answer }) => answer === null).slice(0, BATCH);
        if (batch.length === 0) break;
        const made = act.value ?? (await create());
        const { results, version, units } = await api.putUnits(made.id, batch.map(({ code }) => code));
        take(batch, results);
        act.value = { ...made, version, units };
      }
      if (act.value && !over) act.value = await readAct(act.value.id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  function take(batch: readonly KeptScan[], results: readonly Put[]): void {
    const answered = new Map(batch.map((one, at) => [one.seq, results[at] ?? null]));
    scans.value = scans.value.map((one) => ({ ...one, answer: answered.get(one.seq) ?? one.answer }));
    void keepAnswers(scans.value.filter(({ seq }) => answered.has(seq)));
    for (const put of results) told(put);
    count();
  }

  async function create(): Promise<Act> {
    const made = await api.createAct({}, await beginning());
    // From here on scans are written to the act; those that were on their way are moved to it.
    act.value = made;
    await written;
    scans.value = scans.value.map((one) => ({ ...one, act: made.id }));
    await keepAnswers(scans.value);
    await keepAct(made);
    await onDevice((db) => db.delete("actDrafts", ownOrganisation()), undefined);
    return made;
  }

  async function save(typed: ActTyped): Promise<Act> {
    await running;
    const { id, version } = act.value ?? (await create());
    try {
      const saved = await keepAct(await api.changeAct(id, version, typed));
      act.value = saved;
      return saved;
    } catch (error) {
      // A colleague was first: their version is shown beside what was typed here, and the next save is over theirs.
      if (error instanceof ApiError && error.status === 409) act.value = await readAct(id);
      throw error;
    }
  }

  async function remove(codes: readonly string[]): Promise<void> {
    await running;
    const gone = new Set(codes);
    const here = scans.value.filter(({ code }) => gone.has(code));
    const outside = new Set(here.filter(({ answer }) => answer === null || answer.status === "refused").map(({ code }) => code));
    const inside = codes.filter((code) => !outside.has(code));
    if (act.value && inside.length > 0) act.value = await keepAct(await api.takeUnitsOut(act.value.id, inside));
    await dropScans(here);
    for (const { code } of here) have.delete(code);
    scans.value = scans.value.filter(({ code }) => !gone.has(code));
    count();
  }

  const stopWaiting = onReconnect(() => void push());
  return {
    act, scans, waiting, failure, scan, remove, push, save,
    stop() {
      over = true;
      stopWaiting();
    },
  };
}

/** Begins an act on this device with scans that were made elsewhere, or adds them to the one that was begun. @throws ApiError */
export async function beginWith(codes: readonly string[]): Promise<void> {
  const have = new Set((await scansOf(NEW)).map(({ code }) => code));
  await keepScans(NEW, codes.filter((code) => !have.has(code)));
}

/** What was typed of a draft and is not saved; undefined where nothing is. */
export async function recallTyped<Typed>(act: string | null): Promise<Typed | undefined> {
  const kept = await onDevice((db) => db.get("actWork", typedName(act)), undefined);
  return kept && "typed" in kept ? (kept.typed as Typed) : undefined;
}

/** Null when all of it is saved. */
export async function keepTyped(act: string | null, typed: unknown): Promise<void> {
  const id = typedName(act);
  await onDevice(async (db) => void (typed === null ? await db.delete("actWork", id) : await db.put("actWork", { id, typed })), undefined);
}

function typedName(act: string | null): string {
  return `typed:${ownOrganisation()}:${act ?? NEW}`;
}

/** What this device began and the server does not have, if anything. */
export async function begunHere(): Promise<boolean> {
  return (await scansOf(NEW)).length > 0;
}

export async function discardDraft(act: Act | null): Promise<void> {
  await keepTyped(act?.id ?? null, null);
  if (act) {
    await api.discardAct(act.id);
    await forgetAct(act.id);
    return;
  }
  await clearScans(NEW);
  await onDevice((db) => db.delete("actDrafts", ownOrganisation()), undefined);
}

async function beginning(): Promise<string> {
  const owner = ownOrganisation();
  const known = await onDevice((db) => db.get("actDrafts", owner), undefined);
  if (known) return known.key;
  const key = newKey();
  await onDevice((db) => db.put("actDrafts", { owner, key }), "");
  return key;
}
