/**
 * What people do in the field, kept until the server has it. An operation is written to the device before anybody calls
 * it saved, sent in the order of its subject, deleted when the server took it, parked with the reason when the server
 * refused it, and tried again otherwise. Its key is made once, so that a repeat changes nothing.
 */

import { computed, signal } from "@preact/signals";
import { ApiError, call, newKey } from "../api/client";
import { type Database, onDevice, surely } from "./db";
import { onReconnect } from "./network";
import { me } from "./session";

/** What is asked of the server. `subject` is the thing that it happens to, such as "act:01J…". */
export interface Wanted {
  subject: string;
  /** What is done, in one word, for the screens. */
  kind: string;
  path: string;
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  body: unknown;
  /** A kept file whose bytes are the body. */
  file?: string;
}

export interface Reason {
  code: string;
  params: Record<string, string | number>;
}

export interface Operation extends Wanted {
  /** Place in the order of doing. */
  seq: number;
  /** Idempotency-Key. */
  key: string;
  /** Who did it, for which organisation: nobody else's session may send it. */
  owner: string;
  /** Milliseconds: when it was done, by this device's clock. */
  at: number;
  attempts: number;
  /** Why the server refused it; the person decides what becomes of it. Null while it waits. */
  refused: Reason | null;
}

/** Everything that waits or needs a decision, oldest first, whichever tab it was done in. */
export const outbox = signal<readonly Operation[]>([]);
/** The place of the one that is on its way from this tab. */
export const sending = signal<number | null>(null);
/** How many of this person's operations the server does not have yet. */
export const unsent = computed(() => outbox.value.filter((one) => one.owner === owner()).length);

/** Milliseconds between tries while the server cannot take what waits. */
const PAUSES = [5_000, 15_000, 60_000, 300_000];
const NAME = "tanba.outbox";
/** A signature is verified before the answer, and its responders may be slow. */
const LONGEST = 60_000;

type Taken = (operation: Operation, answer: unknown) => Promise<void>;
const listeners = new Map<string, Taken>();
let channel: BroadcastChannel | null = null;
let started = false;

/** `taken` is called in the tab that sent an operation whose subject begins with `family`, with the server's answer. */
export function onTaken(family: string, taken: Taken): void {
  listeners.set(family, taken);
}

/** From now on what waits is sent at the start, after every reconnect and sign-in, and when the app comes to the front. */
export function startOutbox(): void {
  if (started) return;
  started = true;
  if (typeof BroadcastChannel !== "undefined") {
    channel = new BroadcastChannel(NAME);
    channel.onmessage = () => void look();
  }
  onReconnect(() => void drain());
  me.subscribe((who) => {
    if (who) void drain();
  });
  globalThis.document?.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void drain();
  });
}

/**
 * Keeps an operation; resolves when it is on the device for good, then sends it in the background.
 * @throws ApiError device.not_saved where the device keeps nothing.
 */
export async function post(wanted: Wanted): Promise<Operation> {
  const operation = { ...wanted, key: newKey(), owner: owner(), at: Date.now(), attempts: 0, refused: null };
  let seq: number;
  try {
    seq = await surely(async (db) => {
      // A power cut right after "saved" must not lose it: the write goes to the disk, not to its cache.
      const writing = db.transaction("outbox", "readwrite", { durability: "strict" });
      const [added] = await Promise.all([writing.store.add(operation as Operation), writing.done]);
      return added;
    });
  } catch {
    throw new ApiError("device.not_saved", 0);
  }
  await changed();
  void drain();
  return { ...operation, seq };
}

/** Takes a refused operation away: its owner decided otherwise. */
export async function drop(seq: number): Promise<void> {
  await surely((db) => db.delete("outbox", seq));
  await changed();
  void drain();
}

/** Sends a refused operation once more, as a new one: the server remembers what it answered to the old key. */
export async function retry(seq: number): Promise<void> {
  await rewrite(seq, (one) => ({ ...one, key: newKey(), refused: null }));
  await changed();
  void drain();
}

/** What waits for one thing, oldest first. */
export function waitingFor(subject: string): readonly Operation[] {
  return outbox.value.filter((one) => one.subject === subject);
}

/** Reads anew what other tabs may have changed. */
export async function look(): Promise<void> {
  outbox.value = await onDevice((db) => db.getAll("outbox"), outbox.value);
}

let running: Promise<void> | null = null;
let asked = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

/** Sends what can be sent, one tab and one operation at a time; resolves when nothing more can be done now. */
export function drain(): Promise<void> {
  asked = true;
  running ??= alone(async () => {
    while (asked) {
      asked = false;
      await run();
    }
  }).finally(() => (running = null));
  return running;
}

/** Where there are no locks, keys alone keep two tabs from doing things twice. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (globalThis.navigator?.locks) await navigator.locks.request(NAME, work);
  else await work();
}

/**
 * `later`: this subject waits for its turn. `stop`: there is no use in asking for anything now. `signed_out`: not before
 * somebody signs in.
 */
type Outcome = "taken" | "refused" | "later" | "stop" | "signed_out";

async function run(): Promise<void> {
  clearTimeout(timer);
  const skipped = new Set<string>();
  let wait: number | null = null;
  for (;;) {
    await look();
    const next = sendable(outbox.value, skipped);
    if (!next) break;
    sending.value = next.seq;
    const [outcome, pause] = await send(next);
    sending.value = null;
    await changed();
    if (outcome === "later" || outcome === "stop") wait = pause ?? PAUSES[Math.min(failures, PAUSES.length - 1)] ?? null;
    if (outcome === "stop" || outcome === "signed_out") break;
    if (outcome !== "taken") skipped.add(next.subject);
  }
  if (wait === null) {
    failures = 0;
    return;
  }
  failures += 1;
  timer = setTimeout(() => void drain(), wait);
}

/** The oldest that is this person's, whose subject nothing older holds up. */
function sendable(all: readonly Operation[], skipped: ReadonlySet<string>): Operation | undefined {
  const own = owner();
  const held = new Set(skipped);
  for (const one of all) {
    if (one.owner === own && one.refused === null && !held.has(one.subject)) return one;
    held.add(one.subject);
  }
  return undefined;
}

async function send(operation: Operation): Promise<[Outcome, number | null]> {
  const { path, method, body, file, key, seq, subject } = operation;
  try {
    const sent = file === undefined ? (body === null ? {} : { body }) : { bytes: await bytesOf(file) };
    const answer = await call<unknown>(path, { method, key, timeout: LONGEST, ...sent });
    // Known before it is forgotten: a crash in between repeats an answer, it never loses one.
    await listeners.get(subject.split(":")[0] ?? "")?.(operation, answer);
    await surely((db) => db.delete("outbox", seq));
    return ["taken", null];
  } catch (error) {
    if (!(error instanceof ApiError)) return ["later", null];
    if (error.status === 401) return ["signed_out", null];
    const passing = error.passing || error.status === 408 || error.status === 425;
    await rewrite(seq, (one) => ({
      ...one,
      attempts: one.attempts + 1,
      refused: passing ? null : { code: error.code, params: error.params },
    }));
    if (!passing) return ["refused", null];
    const everything = error.status === 0 || error.status === 429 || (error.status >= 502 && error.status <= 504);
    return [everything ? "stop" : "later", error.retryAfter === null ? null : error.retryAfter * 1000];
  }
}

/** @throws ApiError files.gone where the device has lost it: it has to be taken anew. */
async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const kept = await surely((db) => db.get("files", file));
  if (!kept) throw new ApiError("files.gone", 410);
  return kept.bytes;
}

async function rewrite(seq: number, change: (one: Operation) => Operation): Promise<void> {
  await onDevice(async (db: Database) => {
    const writing = db.transaction("outbox", "readwrite");
    const one = await writing.store.get(seq);
    if (one) await writing.store.put(change(one));
    await writing.done;
  }, undefined);
}

async function changed(): Promise<void> {
  await look();
  channel?.postMessage("changed");
}

function owner(): string {
  const who = me.value;
  return who ? `${who.person.id}:${who.organisation.id}` : "";
}
