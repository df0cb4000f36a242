/**
 * Keys that this device was asked to keep: container and password locked under a PIN (see sealing.ts), opened in the
 * worker alone. Nothing is kept unless the person says so; five wrong PINs erase the key.
 */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { compareNames } from "../../i18n";
import { newId } from "../../store/device";
import { SignError } from "./errors";
import { Keeper, spawnWorker } from "./keeper";
import { DATABASE } from "./kept";
import type { KeyFacts } from "./messages";
import { newDeviceKey, type Sealed } from "./sealing";
import { type OpenedKey, opened, type Opening, readContainer } from "./signer";

/** What a list may show without a PIN; the IIN is not among it. */
export interface RememberedKey {
  id: string;
  name: string;
  organisation: string | null;
  bin: string | null;
  notAfter: Date;
  algorithm: KeyFacts["algorithm"];
  canSign: boolean;
  test: boolean;
}

interface Entry extends RememberedKey {
  sealed: Sealed;
  /** PINs that may still be tried. */
  left: number;
}

interface Tables extends DBSchema {
  keys: { key: string; value: Entry };
  /** The browser's half of every lock, which no script can read out. */
  device: { key: "key"; value: CryptoKey };
}

export const SHORTEST_PIN = 6;
export const TRIES = 5;

async function withDatabase<T>(work: (db: IDBPDatabase<Tables>) => Promise<T>): Promise<T> {
  const db = await openDB<Tables>(DATABASE, 1, {
    upgrade(fresh) {
      fresh.createObjectStore("keys", { keyPath: "id" });
      fresh.createObjectStore("device");
    },
  });
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/**
 * Keeps a file that was just opened with this password; a key of the same holder and kind is replaced.
 *
 * @param key what {@link openContainer} answered for them: a password is only kept once it was seen to be right.
 * @returns the id for {@link open} and {@link forget}.
 * @throws SignError `sign.pin_short`, `sign.not_kept`
 */
export async function remember(file: Blob, password: string, pin: string, key: KeyFacts, options: Opening = {}): Promise<string> {
  if ([...pin].length < SHORTEST_PIN) throw new SignError("sign.pin_short");
  const bytes = await readContainer(file);
  const { subject, notAfter, algorithm, canSign, test } = key;
  const { name, organisation, bin } = subject;
  const keeper = new Keeper(options.spawn ?? spawnWorker);
  try {
    const device = await deviceKey();
    const secrets = [new TextEncoder().encode(password), new TextEncoder().encode(pin), bytes] as const;
    const order = { kind: "seal" as const, password: secrets[0], pin: secrets[1], file: bytes, device };
    const sealed = await keeper.ask(order, secrets);
    const id = newId();
    await kept(async (db) => {
      const changing = db.transaction("keys", "readwrite");
      for (const old of await changing.store.getAll()) {
        const same = old.name === name && old.bin === bin && old.canSign === canSign && old.algorithm === algorithm;
        if (same) await changing.store.delete(old.id);
      }
      await changing.store.put({ id, name, organisation, bin, notAfter, algorithm, canSign, test, sealed, left: TRIES });
      await changing.done;
    });
    return id;
  } finally {
    keeper.close();
  }
}

/** Keys that are kept here, by name; nothing where the browser keeps nothing. */
export async function list(): Promise<RememberedKey[]> {
  try {
    const found = await withDatabase((db) => db.getAll("keys"));
    return found.map(shown).sort((a, b) => compareNames(a.name, b.name));
  } catch {
    return [];
  }
}

function shown({ id, name, organisation, bin, notAfter, algorithm, canSign, test }: Entry): RememberedKey {
  return { id, name, organisation, bin, notAfter, algorithm, canSign, test };
}

/**
 * @throws SignError `sign.wrong_pin` with the tries that are left, `sign.forgotten` when that was the last one or the
 * key is gone, and all that openContainer may say (`sign.expired` above all).
 */
export async function open(id: string, pin: string, options: Opening = {}): Promise<OpenedKey> {
  const device = await deviceKey();
  const record = await spendTry(id);
  const keeper = new Keeper(options.spawn ?? spawnWorker);
  const secret = new TextEncoder().encode(pin);
  const order = { kind: "unseal" as const, sealed: record.sealed, pin: secret, device, now: options.now ?? new Date() };
  try {
    const key = await opened(keeper, () => keeper.ask(order, [secret]));
    await setTries(id, TRIES);
    return key;
  } catch (error) {
    if (!(error instanceof SignError) || error.code !== "sign.wrong_pin") {
      // The PIN was not what failed: the try is given back.
      await setTries(id, record.left + 1);
      throw error;
    }
    if (record.left > 0) throw new SignError("sign.wrong_pin", { left: record.left });
    await forget(id);
    throw new SignError("sign.forgotten");
  }
}

export async function forget(id: string): Promise<void> {
  await kept((db) => db.delete("keys", id));
}

/** Erases all kept keys and the device's half of their locks: what copies may exist elsewhere open no more. */
export async function forgetAll(): Promise<void> {
  await kept(async (db) => {
    const erasing = db.transaction(["keys", "device"], "readwrite");
    await Promise.all([erasing.objectStore("keys").clear(), erasing.objectStore("device").clear(), erasing.done]);
  });
}

/** Counted before the PIN is tried, in one transaction: closing the page or a second tab gives no more tries. */
function spendTry(id: string): Promise<Entry> {
  return kept(async (db) => {
    const spending = db.transaction("keys", "readwrite");
    const record = await spending.store.get(id);
    if (record?.left === 0) await spending.store.delete(id);
    else if (record) await spending.store.put({ ...record, left: record.left - 1 });
    await spending.done;
    if (!record?.left) throw new SignError("sign.forgotten");
    return { ...record, left: record.left - 1 };
  });
}

async function setTries(id: string, left: number): Promise<void> {
  await kept(async (db) => {
    const setting = db.transaction("keys", "readwrite");
    const record = await setting.store.get(id);
    if (record) await setting.store.put({ ...record, left });
    await setting.done;
  });
}

/** Made at first use. */
async function deviceKey(): Promise<CryptoKey> {
  if (!globalThis.crypto?.subtle) throw new SignError("sign.unavailable");
  const fresh = await newDeviceKey();
  return kept(async (db) => {
    const making = db.transaction("device", "readwrite");
    const found = await making.store.get("key");
    if (!found) await making.store.put(fresh, "key");
    await making.done;
    return found ?? fresh;
  });
}

async function kept<T>(work: (db: IDBPDatabase<Tables>) => Promise<T>): Promise<T> {
  try {
    return await withDatabase(work);
  } catch (error) {
    throw error instanceof SignError ? error : new SignError("sign.not_kept");
  }
}
