/**
 * What people do in the field, kept until the server has it. An operation is written to the device before anybody calls
 * it saved, sent in the order of its subject, deleted when the server took it, parked with the reason when the server
 * refused it, and tried again otherwise. Its key is made once, so that a repeat changes nothing.
 */

import { computed, signal } from "@preact/signals";
import { ApiError, newKey } from "../api/client";
import { onDevice, surely } from "./db";
import { askToKeep } from "./install";
import { onReconnect } from "./network";
import { lookForLoss, noteWaiting } from "./outbox-loss";
import { readyToRemind, remind } from "./outbox-reminder";
import { NAME, type Operation, ownerOf, type Sender, sendNext, type Wanted, whileStill } from "./outbox-sending";
import { loadMe, me } from "./session";

export type { Operation, Reason, Wanted } from "./outbox-sending";

/** Everything that waits or needs a decision, oldest first, whichever tab it was done in. */
export const outbox = signal<readonly Operation[]>([]);
/** The place of the one that is on its way from this tab. */
export const sending = signal<number | null>(null);
/** What this person did and the server does not have yet, refused or not. */
export const own = computed(() => outbox.value.filter((one) => one.owner === owner()));
/** How many those are. */
export const unsent = computed(() => own.value.length);
/** Whether the browser promised not to clear it under pressure; null while nobody asked or the browser does not say. */
export const promised = signal<boolean | null>(null);

/** Milliseconds between tries while the server cannot take what waits, each give or take a fifth. */
const PAUSES = [5_000, 15_000, 60_000, 300_000];
/** Milliseconds between looks at what other tabs do. */
const GLANCE = 200;
/** No gateway may silence a phone for longer. */
const LONGEST_PAUSE = 3_600_000;

type Taken = (operation: Operation, answer: unknown) => Promise<void> | void;
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
    channel.onmessage = lookSoon;
  }
  onReconnect(reconnected);
  me.subscribe((who) => {
    if (who) void drain();
  });
  globalThis.document?.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") nudge();
    else if (own.value.some(({ refused }) => refused === null)) remind();
  });
  readyToRemind();
  void watchForLoss();
}

/**
 * Keeps an operation; resolves when it is on the device for good, then sends it in the background.
 * @throws ApiError identity.not_signed_in where nobody is: nobody's operation would ever be sent.
 * @throws ApiError device.full or device.not_saved where the device keeps nothing.
 */
export async function post(wanted: Wanted): Promise<Operation> {
  if (owner() === "") throw new ApiError("identity.not_signed_in", 401);
  const operation = { ...wanted, key: newKey(), owner: owner(), at: Date.now(), attempts: 0, refused: null };
  let seq: number;
  try {
    seq = await surely(async (db) => {
      // A power cut right after "saved" must not lose it: the write goes to the disk, not to its cache.
      const writing = db.transaction("outbox", "readwrite", { durability: "strict" });
      const [added] = await Promise.all([writing.store.add(operation as Operation), writing.done]);
      return added;
    });
  } catch (error) {
    const full = (error as Error | null)?.name === "QuotaExceededError";
    throw new ApiError(full ? "device.full" : "device.not_saved", 0);
  }
  await changed();
  nudge();
  void guard();
  return { ...operation, seq };
}

/**
 * Takes an operation away: its owner decided otherwise.
 * @throws ApiError outbox.on_its_way where it is too late for that.
 */
export async function drop(seq: number): Promise<void> {
  await whileStill(seq, () => null);
  await changed();
  void drain();
}

/**
 * Sends a refused operation once more. Its key stays: the server keeps no refusals, but it may have done the operation
 * before it refused to hear of it again.
 * @throws ApiError outbox.on_its_way where another tab does it already.
 */
export async function retry(seq: number): Promise<void> {
  await whileStill(seq, (one) => ({ ...one, refused: null, tried: Date.now() }));
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

let soon: ReturnType<typeof setTimeout> | undefined;

/** A tab that sends much speaks often. */
function lookSoon(): void {
  soon ??= setTimeout(() => {
    soon = undefined;
    void look();
  }, GLANCE);
}

let running: Promise<void> | null = null;
let asked = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
/** By the clock that nobody sets: before this moment the server does not want to be asked. */
let hushed = 0;

/** Sends what can be sent, one tab and one operation at a time; resolves when nothing more can be done now. */
export function drain(): Promise<void> {
  asked = true;
  running ??= rounds();
  return running;
}

/** As {@link drain}, unless the server asked for patience. */
function nudge(): void {
  if (performance.now() >= hushed) void drain();
}

let fruitless = 0;
let returned = 0;

/** A network that is back is used at once; one that comes and goes, and lets nothing of ours through, more and more
 * seldom, because each try of a phone in a bad place costs its battery. The pauses between tries go on beside. */
function reconnected(): void {
  if (performance.now() - returned < (PAUSES[Math.min(fruitless, PAUSES.length) - 1] ?? 0)) return;
  returned = performance.now();
  fruitless += 1;
  void drain();
}

async function rounds(): Promise<void> {
  while (asked) {
    asked = false;
    await run();
  }
  running = null;
}

/** Who sends from this tab: only what this person did for this organisation. */
const sender: Sender = {
  may: (one) => one.owner !== "" && one.owner === owner(),
  begins: ({ seq }) => void (sending.value = seq),
  async taken(operation, answer) {
    await listeners.get(operation.subject.split(":")[0] ?? "")?.(operation, answer);
  },
};

async function run(): Promise<void> {
  clearTimeout(timer);
  const skipped = new Set<string>();
  let wait: number | null = null;
  try {
    for (;;) {
      const sent = await sendNext(sender, skipped);
      if (!sent) break;
      const { operation, outcome, pause } = sent;
      channel?.postMessage("changed");
      if (outcome === "taken") {
        // Something gets through: what is lost now and then is worth asking for soon.
        failures = fruitless = 0;
        outbox.value = outbox.value.filter(({ seq }) => seq !== operation.seq);
      } else lookSoon();
      if (outcome === "later" || outcome === "stop") wait = patience(pause);
      if (outcome === "signed_out") void loadMe();
      if (outcome === "stop" || outcome === "signed_out") break;
      if (outcome !== "taken") skipped.add(operation.subject);
    }
  } catch {
    // The device does not let us read what waits: it is asked again.
    wait = patience(null);
  }
  sending.value = null;
  await look();
  if (wait === null) return;
  failures += 1;
  timer = setTimeout(() => void drain(), wait);
  remind();
}

/** Never all phones at once. `given` is what the server asked for, in milliseconds. */
function patience(given: number | null): number {
  if (given === null) return (PAUSES[Math.min(failures, PAUSES.length - 1)] ?? 0) * (0.8 + 0.4 * Math.random());
  const wait = Math.min(given, LONGEST_PAUSE) * (1 + 0.2 * Math.random());
  hushed = performance.now() + wait;
  return wait;
}

/** From then on it is noted how much waits, so that the next start can tell whether it was thrown away. */
async function watchForLoss(): Promise<void> {
  const mark = await lookForLoss();
  if (mark === null) return;
  await look();
  outbox.subscribe(({ length }) => noteWaiting(mark, length));
}

/** Once there is something to lose the browser is asked to keep it; some ask the person, who then knows what for. */
export async function guard(): Promise<void> {
  promised.value ??= (await askToKeep()).persisted;
}

async function changed(): Promise<void> {
  await look();
  channel?.postMessage("changed");
}

function owner(): string {
  const who = me.value;
  return who ? ownerOf(who) : "";
}
