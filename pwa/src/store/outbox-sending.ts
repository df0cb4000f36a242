/**
 * Sending what was done, one operation at a time and one tab at a time. Not the lock but the keys keep anything from being
 * done twice, and order comes from sending nothing before the server has answered what is older; the lock only spares
 * useless requests.
 */

import { ApiError, call } from "../api/client";
import { surely } from "./db";
import { keepAnswer } from "./outbox-answers";
import type { Me } from "./session";

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
  /** Idempotency-Key: made once, kept through every try, also through those that the person asks for. */
  key: string;
  /** Who did it, for which organisation: nobody else's session may send it. */
  owner: string;
  /** Milliseconds: when it was done, by this device's clock. */
  at: number;
  /** When it was first sent, answered or not; again when the person asks for it after a refusal. */
  tried?: number;
  /** How often the server could not take it. */
  attempts: number;
  /** Why it could not, the last time: an answer, or no answer. */
  trouble?: Reason;
  /** Why the server refused it; the person decides what becomes of it. Null while it waits. */
  refused: Reason | null;
}

/**
 * `later`: this subject waits for its turn. `stop`: there is no use in asking for anything now. `signed_out`: not before
 * its owner signs in.
 */
export type Outcome = "taken" | "refused" | "later" | "stop" | "signed_out";

export interface Sent {
  operation: Operation;
  outcome: Outcome;
  /** Milliseconds that the server asked to wait, else null. */
  pause: number | null;
}

/** Who sends. */
export interface Sender {
  may(one: Operation): boolean;
  /** The one that goes next. */
  begins(next: Operation): void;
  /** Hears the answer before the operation is forgotten, when the device has it. */
  taken(one: Operation, answer: unknown): Promise<void>;
}

export const NAME = "tanba.outbox";
const PART = 50;
/** A signature is verified before the answer, and its responders may be slow; besides, milliseconds for each byte. */
const LONGEST = 60_000;
const SLOWEST = 1 / 5;
/** Longer than any request may last: whoever holds the lock then is frozen, or was. */
const PATIENCE = 2 * LONGEST;
/**
 * The server keeps keys for 400 days. What was first tried longer ago might be done twice if that answer was lost, so the
 * person is asked. By the device's own clock: where that is wrong somebody is asked needlessly, or the server's own rules
 * decide, which let a step of an act happen only in the state that it was meant for.
 */
const OLDEST = 365 * 86_400_000;
/** An answer that a listener cannot digest is forgotten after so many tries: it must not hold up what follows. */
const INDIGESTIBLE = 3;

/** Whose operations somebody's session may send. */
export const ownerOf = (who: Me): string => `${who.person.id}:${who.organisation.id}`;

/** Sends the oldest that may be sent, and says what became of it; null when there is none. @throws where the device fails */
export function sendNext(sender: Sender, skipped: ReadonlySet<string>): Promise<Sent | null> {
  return alone(NAME, async () => {
    const next = await sendable(sender, skipped);
    if (!next) return null;
    sender.begins(next);
    return alone(nameOf(next.seq), () => attempt(next, sender));
  });
}

/**
 * Does something to an operation that is not on its way.
 * @throws ApiError outbox.on_its_way where it is, or where the server has it by now.
 */
export async function whileStill(seq: number, change: (one: Operation) => Operation | null): Promise<void> {
  const work = async (): Promise<void> => {
    if (!(await rewrite(seq, change))) throw new ApiError("outbox.on_its_way", 0);
  };
  const { locks } = globalThis.navigator;
  if (!locks) return work();
  await locks.request(nameOf(seq), { ifAvailable: true }, (lock) => {
    if (!lock) throw new ApiError("outbox.on_its_way", 0);
    return work();
  });
}

const nameOf = (seq: number): string => `${NAME}.${seq}`;

/** The oldest that this sender may send, whose subject nothing older holds up; read in parts, because much may wait. */
async function sendable(sender: Sender, skipped: ReadonlySet<string>): Promise<Operation | undefined> {
  const held = new Set(skipped);
  let part: Operation[] = [];
  let last = 0;
  do {
    part = await surely((db) => db.getAll("outbox", IDBKeyRange.lowerBound(last, true), PART));
    for (const one of part) {
      if (sender.may(one) && one.refused === null && !held.has(one.subject)) return one;
      held.add(one.subject);
    }
    last = part.at(-1)?.seq ?? last;
  } while (part.length === PART);
  return undefined;
}

async function attempt(next: Operation, sender: Sender): Promise<Sent> {
  const { seq } = next;
  const operation = await surely((db) => db.get("outbox", seq));
  // Taken away between being found and being held.
  if (!operation) return { operation: next, outcome: "taken", pause: null };
  try {
    if (operation.tried !== undefined && Date.now() - operation.tried > OLDEST) throw new ApiError("outbox.too_old", 410);
    await begin(operation);
    await settle(operation, await ask(operation), sender);
    return { operation, outcome: "taken", pause: null };
  } catch (error) {
    const [outcome, reason] = judge(error);
    if (outcome !== "signed_out") {
      await rewrite(seq, (one) => ({ ...one, attempts: one.attempts + 1, trouble: reason, refused: outcome === "refused" ? reason : null }));
    }
    const wait = error instanceof ApiError ? error.retryAfter : null;
    return { operation, outcome, pause: wait === null ? null : wait * 1000 };
  }
}

/** Where the device has no room for the mark, sending matters more. */
async function begin({ seq, tried }: Operation): Promise<void> {
  if (tried === undefined) await rewrite(seq, (one) => ({ ...one, tried: Date.now() })).catch(() => false);
}

async function ask({ path, method, body, file, key, owner }: Operation): Promise<unknown> {
  const bytes = file === undefined ? undefined : await bytesOf(file);
  const size = bytes?.length ?? (body === null ? 0 : JSON.stringify(body).length);
  const sent = bytes ? { bytes } : body === null ? {} : { body };
  return call<unknown>(path, { method, key, actor: owner, timeout: LONGEST + size * SLOWEST, ...sent });
}

/** @throws ApiError files.gone where the device has lost it: it has to be taken anew. */
async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const kept = await surely((db) => db.get("files", file));
  if (!kept) throw new ApiError("files.gone", 410);
  return kept.bytes;
}

/** Known before it is forgotten: a crash in between repeats an answer, it never loses one. */
async function settle(operation: Operation, answer: unknown, { taken }: Sender): Promise<void> {
  try {
    await keepAnswer(operation, answer);
    await taken(operation, answer);
  } catch (error) {
    if (operation.attempts < INDIGESTIBLE) throw error;
  }
  await surely((db) => db.delete("outbox", operation.seq));
}

/** What an error means for the operation. Only our own server's word refuses it: a Wi-Fi's page or a proxy does not. */
function judge(error: unknown): [Outcome, Reason] {
  if (!(error instanceof ApiError)) return ["later", { code: "request.unexpected", params: {} }];
  const { code, params, status } = error;
  const reason = { code, params };
  const ours = code !== "request.unexpected";
  if ((status === 401 && ours) || code === "request.other_actor") return ["signed_out", reason];
  if (status === 0 || status === 429 || (status >= 502 && status <= 504)) return ["stop", reason];
  if (error.passing || status === 408 || status === 425) return ["later", reason];
  // A gateway that finds it too large will always find it so.
  return [ours || status === 413 ? "refused" : "later", reason];
}

/** @returns whether it was there; null takes it away. */
async function rewrite(seq: number, change: (one: Operation) => Operation | null): Promise<boolean> {
  return surely(async (db) => {
    const writing = db.transaction("outbox", "readwrite");
    const one = await writing.store.get(seq);
    const changed = one && change(one);
    if (changed) await writing.store.put(changed);
    else if (one) await writing.store.delete(seq);
    await writing.done;
    return one !== undefined;
  });
}

/** Alone in this browser. A lock whose holder is frozen is taken away; without locks the keys alone must do. */
async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  const { locks } = globalThis.navigator ?? {};
  if (!locks) return work();
  let own: Promise<T> | null = null;
  const begin = (): Promise<T> => (own = work());
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    return await locks.request(name, { signal: patience.signal }, () => {
      clearTimeout(timer);
      return begin();
    });
  } catch (error) {
    // Its own failure, or somebody took the lock away meanwhile: either way what was begun decides.
    if (own) return await own;
    if (!patience.signal.aborted) throw error;
    return await locks.request(name, { steal: true }, begin).catch((lost: unknown) => own ?? Promise.reject(lost));
  } finally {
    clearTimeout(timer);
  }
}
