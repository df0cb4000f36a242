import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Act } from "../api/acts";

const ACT = { id: "act", sha256: "aa", units: 12_000 } as unknown as Act;
const TOTAL = 12_000;

let asked: { limit: number; from: number }[] = [];
let broken = 0;

/** Serves units by number; the cursor is the number to go on from. Fails from the page `broken` on, once that is set. */
const fetched = async (path: string): Promise<Response> => {
  const query = new URL(path, "http://x").searchParams;
  const [limit, from] = [Number(query.get("limit")), Number(query.get("cursor") ?? 0)];
  if (broken > 0 && asked.length >= broken) throw new TypeError("network");
  asked.push({ limit, from });
  const units = Array.from({ length: Math.min(limit, TOTAL - from) }, (_, n) => ({
    code: `c${from + n}`, card_id: "card", package: `b${(from + n) % 10}`, packages: [`b${(from + n) % 10}`, "pallet"],
  }));
  const next = from + limit < TOTAL ? String(from + limit) : null;
  return new Response(JSON.stringify({ units, next }), { status: 200 });
};

async function load(organisation = "o1"): Promise<typeof import("./contents")> {
  vi.resetModules();
  const session = await import("./session");
  session.me.value = { person: { id: "p" }, organisation: { id: organisation }, permissions: [] } as never;
  return import("./contents");
}

const codes = (units: readonly { code: string }[]): string[] => units.map(({ code }) => code);
const ALL = Array.from({ length: TOTAL }, (_, n) => `c${n}`);

beforeEach(() => {
  asked = [];
  broken = 0;
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  vi.stubGlobal("fetch", fetched);
});

afterEach(() => vi.unstubAllGlobals());

test("all units come in growing pages, and are asked for once", async () => {
  const { contentsOf, haveContents } = await load();
  const seen: number[] = [];
  expect(await haveContents(ACT)).toBe(false);
  const units = await contentsOf(ACT, (count) => seen.push(count));
  expect(codes(units)).toEqual(ALL);
  expect(units[3]).toEqual({ code: "c3", card: "card", boxes: ["b3", "pallet"] });
  expect(asked.map(({ limit }) => limit)).toEqual([1_000, 2_000, 4_000, 5_000]);
  expect(seen).toEqual([0, 1_000, 3_000, 7_000, 12_000]);
  const again = await load();
  expect(await again.haveContents(ACT)).toBe(true);
  expect(codes(await again.contentsOf(ACT, () => undefined))).toEqual(ALL);
  expect(asked).toHaveLength(4);
});

test("a load that broke goes on where it stopped, in another visit too", async () => {
  broken = 2;
  await expect((await load()).contentsOf(ACT, () => undefined)).rejects.toMatchObject({ status: 0 });
  broken = 0;
  const seen: number[] = [];
  const { contentsOf } = await load();
  expect(codes(await contentsOf(ACT, (count) => seen.push(count)))).toEqual(ALL);
  expect(seen[0]).toBe(3_000);
  expect(asked.map(({ from }) => from)).toEqual([0, 1_000, 3_000, 4_000, 6_000, 10_000]);
});

test("two who ask at once wait for one load, and both hear of it", async () => {
  const { contentsOf } = await load();
  const [one, other]: number[][] = [[], []];
  const both = await Promise.all([contentsOf(ACT, (count) => one?.push(count)), contentsOf(ACT, (count) => other?.push(count))]);
  expect(both.map((units) => units.length)).toEqual([TOTAL, TOTAL]);
  expect([one?.at(-1), other?.at(-1), asked.length]).toEqual([TOTAL, TOTAL, 4]);
});

test("another version, another organisation or a page that is gone begin anew", async () => {
  await (await load()).contentsOf(ACT, () => undefined);
  expect(await (await load()).haveContents({ ...ACT, sha256: "bb" })).toBe(false);
  expect(await (await load("o2")).haveContents(ACT)).toBe(false);
  const { onDevice } = await import("./db");
  await onDevice((db) => db.delete("actContents", "act/1000/2000"), undefined);
  expect(codes(await (await load()).contentsOf(ACT, () => undefined))).toEqual(ALL);
  expect(asked).toHaveLength(8);
});

test("what is forgotten leaves nothing behind, and takes nothing of another act along", async () => {
  const { contentsOf, forgetContents, haveContents } = await load();
  const other = { ...ACT, id: "act1" };
  await contentsOf(ACT, () => undefined);
  await contentsOf(other, () => undefined);
  await forgetContents("act");
  const { onDevice } = await import("./db");
  const left = await onDevice((db) => db.getAllKeys("actContents"), []);
  expect(left.filter((key) => !key.startsWith("act1"))).toEqual([]);
  expect(await haveContents(other)).toBe(true);
});
