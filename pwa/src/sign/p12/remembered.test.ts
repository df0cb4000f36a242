import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { toHex } from "./der";
import { certificate, container, type KeyPair, keyPair, PASSWORD } from "./fake-container";
import { FakeWorker } from "./fake-worker";
import { forget, forgetAll, list, open, remember, TRIES } from "./remembered";
import { openContainer } from "./signer";

const PIN = "240719";
const NOW = new Date("2026-06-01T00:00:00Z");

let mine: KeyPair;
let worker: FakeWorker;
const spawn = (): FakeWorker => (worker = new FakeWorker());
const options = { spawn, now: NOW };

beforeAll(async () => {
  mine = await keyPair(2048);
});

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

async function keep(name?: string): Promise<string> {
  const file = container(mine.privateKey, [certificate(mine, { name })]);
  const key = await openContainer(file, PASSWORD, options);
  key.close();
  return remember(file, PASSWORD, PIN, key, options);
}

test("a kept key is listed by name and opens with its PIN", async () => {
  const id = await keep();
  expect(await list()).toEqual([
    {
      id,
      name: "СЕРІКБАЕВ НҰРСҰЛТАН ӘБІШҰЛЫ",
      organisation: "«Тест» ЖШС",
      bin: "200140000004",
      notAfter: new Date("2026-12-31T00:00:00Z"),
      algorithm: "RSA",
      canSign: true,
      test: false,
    },
  ]);
  const key = await open(id, PIN, options);
  expect(key.subject.iin).toBe("900101300007");
  expect((await key.sign(Uint8Array.of(1))).length).toBeGreaterThan(1000);
  key.close();
});

test("nothing is kept before somebody asks, and nothing in the clear afterwards", async () => {
  expect(await list()).toEqual([]);
  await keep();
  const db = await openDB("tanba-keys");
  const [entry] = (await db.getAll("keys")) as { sealed: { data: Uint8Array } }[];
  const device = (await db.get("device", "key")) as CryptoKey;
  db.close();
  expect(device.extractable).toBe(false);
  const stored = JSON.stringify(entry, (_, value: unknown) => (ArrayBuffer.isView(value) ? toHex(value as Uint8Array) : value));
  for (const secret of [PASSWORD, PIN, "900101300007"]) {
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(toHex(new TextEncoder().encode(secret)));
  }
});

test("password and PIN are wiped where they arrive, and the password never comes back to the page", async () => {
  const id = await keep();
  const sealing = worker.heard[0];
  if (sealing?.kind !== "seal") throw new Error("nothing was locked");
  expect([...sealing.password, ...sealing.pin].every((byte) => byte === 0)).toBe(true);
  (await open(id, PIN, options)).close();
  const said = JSON.stringify(worker.said, (_, value: unknown) => (ArrayBuffer.isView(value) ? toHex(value as Uint8Array) : value));
  expect(said).toContain("900101300007");
  expect(said).not.toContain(PASSWORD);
  expect(said).not.toContain(toHex(new TextEncoder().encode(PASSWORD)));
});

test("the next certificate of the same holder takes the place of the old one, another person's stands beside it", async () => {
  await keep();
  const second = await keep();
  await keep("АБАЕВ АБАЙ");
  expect((await list()).map(({ id, name }) => (id === second ? "second" : name))).toEqual(["АБАЕВ АБАЙ ӘБІШҰЛЫ", "second"]);
});

describe("a wrong PIN", () => {
  test("is counted, and the fifth erases the key", async () => {
    const id = await keep();
    for (let left = TRIES - 1; left > 0; left--) {
      await expect(open(id, "000000", options)).rejects.toMatchObject({ code: "sign.wrong_pin", left });
      expect(worker.ended).toBe(true);
    }
    await expect(open(id, "000000", options)).rejects.toMatchObject({ code: "sign.forgotten" });
    expect(await list()).toEqual([]);
    await expect(open(id, PIN, options)).rejects.toMatchObject({ code: "sign.forgotten" });
  });

  test("is forgiven by a right one", async () => {
    const id = await keep();
    await expect(open(id, "000000", options)).rejects.toMatchObject({ left: TRIES - 1 });
    (await open(id, PIN, options)).close();
    await expect(open(id, "000000", options)).rejects.toMatchObject({ left: TRIES - 1 });
  });

  test("is counted before it is tried: breaking off gives no more tries", async () => {
    const id = await keep();
    const broken = (): FakeWorker => {
      const silent = new FakeWorker();
      silent.postMessage = () => undefined;
      return silent;
    };
    void open(id, "000000", { ...options, spawn: broken }).catch(() => undefined);
    await vi.waitFor(async () => {
      const db = await openDB("tanba-keys");
      const [entry] = (await db.getAll("keys")) as { left: number }[];
      db.close();
      expect(entry?.left).toBe(TRIES - 1);
    });
    await expect(open(id, "000000", options)).rejects.toMatchObject({ left: TRIES - 2 });
  });
});

test("an ended certificate says so, and costs no try", async () => {
  const id = await keep();
  const later = { spawn, now: new Date("2027-01-01T00:00:00Z") };
  for (let again = 0; again <= TRIES; again++) await expect(open(id, PIN, later)).rejects.toMatchObject({ code: "sign.expired" });
  await expect(open(id, "000000", options)).rejects.toMatchObject({ left: TRIES - 1 });
});

test("a short PIN keeps nothing", async () => {
  const file = container(mine.privateKey, [certificate(mine)]);
  const key = await openContainer(file, PASSWORD, options);
  await expect(remember(file, PASSWORD, "12345", key, options)).rejects.toMatchObject({ code: "sign.pin_short" });
  expect(await list()).toEqual([]);
});

test("one key or all are erased; copies of an erased device's locks open no more", async () => {
  const first = await keep();
  const second = await keep("АБАЕВ АБАЙ");
  const db = await openDB("tanba-keys");
  const copy: unknown = await db.get("keys", second);
  await forget(first);
  expect((await list()).map(({ id }) => id)).toEqual([second]);
  await forgetAll();
  expect(await list()).toEqual([]);
  await db.put("keys", copy);
  db.close();
  await expect(open(second, PIN, options)).rejects.toMatchObject({ code: "sign.wrong_pin" });
});

test("a browser that keeps nothing", async () => {
  const file = container(mine.privateKey, [certificate(mine)]);
  const key = await openContainer(file, PASSWORD, options);
  const factory = new IDBFactory();
  factory.open = () => {
    throw new DOMException("no storage here", "InvalidStateError");
  };
  globalThis.indexedDB = factory;
  expect(await list()).toEqual([]);
  await expect(remember(file, PASSWORD, PIN, key, options)).rejects.toMatchObject({ code: "sign.not_kept" });
  await expect(open("x", PIN, options)).rejects.toMatchObject({ code: "sign.not_kept" });
});
