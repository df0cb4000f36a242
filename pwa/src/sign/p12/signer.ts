/** Signing with a PKCS#12 file: the file and its password go to a worker of their own, facts and signatures come back. */

import { SignError } from "./errors";
import { Keeper, spawnWorker } from "./keeper";
import type { KeyFacts } from "./messages";

export { SignError, type SignCode } from "./errors";
export type { KeyFacts } from "./messages";

export interface OpenedKey extends KeyFacts {
  /** The other usable keys of the same file (a log-in key beside a signing key, say); closed together. */
  others: OpenedKey[];
  /**
   * @param at what the signature says of its time; the server allows five minutes of error, so pass its own time where
   * it is known.
   * @returns DER of the detached CMS.
   * @throws SignError `sign.closed` after close() or ten minutes without use.
   */
  sign(bytes: Uint8Array, at?: Date): Promise<Uint8Array>;
  /** Ends the worker, and with it the key. */
  close(): void;
}

export interface Opening {
  /** For the term of validity; the device's own clock unless given. */
  now?: Date;
  spawn?: typeof spawnWorker;
}

/** A certificate's file has ten kilobytes; what is bigger than this is not even read. */
const LARGEST = 1024 * 1024;
/** DER and BER begin with a SEQUENCE. */
const SEQUENCE = 0x30;

/**
 * Opens the file and proves that key and certificate belong together. The key that may sign documents is chosen; where
 * the file has none, one for log-in alone is (`canSign` false).
 *
 * @throws SignError
 */
export async function openContainer(file: Blob, password: string, options: Opening = {}): Promise<OpenedKey> {
  const bytes = await readContainer(file);
  const keeper = new Keeper(options.spawn ?? spawnWorker);
  const secret = new TextEncoder().encode(password);
  const order = { kind: "open" as const, file: bytes, password: secret, now: options.now ?? new Date() };
  return opened(keeper, () => keeper.ask(order, [secret, bytes]));
}

/** @throws SignError `sign.not_a_container` for what cannot be one by its size or first byte. */
export async function readContainer(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > LARGEST) throw new SignError("sign.not_a_container");
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    // The file was moved or its drive taken out between choosing and opening.
    throw new SignError("sign.not_a_container");
  }
  if (bytes[0] !== SEQUENCE) throw new SignError("sign.not_a_container");
  return bytes;
}

/** Waits for the worker to open its keys; where it cannot, ends it. */
export async function opened(keeper: Keeper, opening: () => Promise<KeyFacts[]>): Promise<OpenedKey> {
  try {
    const keys = (await opening()).map((facts, at) => openedKey(keeper, facts, at));
    for (const key of keys) key.others = keys.filter((other) => other !== key);
    const [first] = keys;
    if (!first) throw new SignError("sign.no_key");
    return first;
  } catch (error) {
    keeper.close();
    throw error;
  }
}

function openedKey(keeper: Keeper, facts: KeyFacts, key: number): OpenedKey {
  return {
    ...facts,
    others: [],
    sign: (bytes, at = new Date()) => keeper.ask({ kind: "sign", key, document: new Uint8Array(bytes), at }),
    close: () => keeper.close(),
  };
}
