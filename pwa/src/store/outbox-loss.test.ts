import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import { freshDevice, server, tab, wanted } from "./outbox.testing";

freshDevice();

const NOW = 1_790_000_000_000;
let beside: Map<string, string>;

beforeEach(() => {
  beside = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => beside.get(name) ?? null,
    setItem: (name: string, value: string) => void beside.set(name, value),
    removeItem: (name: string) => void beside.delete(name),
  });
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});

const noted = (): { count: number; mark: string } | null => JSON.parse(beside.get("tanba.outbox") ?? "null") as never;

/** A start of the app; resolves when it has looked. */
async function started(): Promise<{ app: Awaited<ReturnType<typeof tab>>; store: typeof import("./outbox-loss") }> {
  const app = await tab();
  app.startOutbox();
  await vi.waitFor(() => expect(noted()?.count).toBe(app.outbox.value.length));
  return { app, store: await import("./outbox-loss") };
}

/** A tab that leaves two waiting. */
async function left(): Promise<void> {
  server.weather = () => "lost";
  const { app } = await started();
  for (const subject of ["act:1", "act:2"]) await app.post(wanted(subject));
  await vi.waitFor(() => expect(noted()?.count).toBe(2));
}

test("what waited when the browser cleared the database is told of at the next start, until it is read", async () => {
  await left();
  vi.stubGlobal("indexedDB", new IDBFactory());
  const { at } = JSON.parse(beside.get("tanba.outbox") ?? "") as { at: number };
  vi.setSystemTime(NOW + 1_000_000);
  const { store } = await started();
  expect(store.loss.value).toEqual({ count: 2, at });
  const again = await started();
  expect(again.store.loss.value).toEqual({ count: 2, at });
  again.store.lossIsKnown();
  expect((await started()).store.loss.value).toBeNull();
});

test("what still waits, and what was sent without the app, is not lost", async () => {
  await left();
  const counts: unknown[] = [];
  vi.stubGlobal("localStorage", { ...localStorage, setItem: (name: string, value: string) => void (counts.push(JSON.parse(value)), beside.set(name, value)) });
  expect((await started()).store.loss.value).toBeNull();
  await vi.waitFor(() => expect(counts).not.toEqual([]));
  expect(counts.filter((one) => (one as { count: number }).count < 2)).toEqual([]);
  const { surely } = await import("./db");
  await surely((db) => db.clear("outbox"));
  expect((await started()).store.loss.value).toBeNull();
  expect(noted()?.count).toBe(0);
});

test("where nothing waited nothing is lost", async () => {
  await started();
  const before = noted()?.mark;
  vi.stubGlobal("indexedDB", new IDBFactory());
  const { store } = await started();
  await vi.waitFor(() => expect(noted()?.mark).not.toBe(before));
  expect(store.loss.value).toBeNull();
});

test("two tabs that start at once over a new database agree on which it is", async () => {
  await left();
  vi.stubGlobal("indexedDB", new IDBFactory());
  await tab();
  const one = await import("./outbox-loss");
  await tab();
  const other = await import("./outbox-loss");
  const [mark, same] = await Promise.all([one.lookForLoss(), other.lookForLoss()]);
  expect(mark).toBe(same);
  expect([one.loss.value, other.loss.value]).toMatchObject([{ count: 2 }, { count: 2 }]);
});

test("where the device does not let itself be looked into nothing is said and nothing noted", async () => {
  await left();
  vi.stubGlobal("indexedDB", { open: () => { throw new Error("private window"); } });
  await tab();
  const store = await import("./outbox-loss");
  expect(await store.lookForLoss()).toBeNull();
  expect([store.loss.value, noted()]).toMatchObject([null, { count: 2 }]);
});

test("where there is no other storage the outbox works as before", async () => {
  vi.stubGlobal("localStorage", undefined);
  const app = await tab();
  app.startOutbox();
  await app.post(wanted("act:1"));
  await vi.waitFor(() => expect(server.done).toHaveLength(1));
});
