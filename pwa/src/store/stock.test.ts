import "fake-indexeddb/auto";
import { afterEach, expect, test } from "vitest";
import { onDevice } from "./db";
import { me } from "./session";
import { keepPacking, keepStock, packingScans, recallStock } from "./stock";

function signIn(id: string): void {
  me.value = { organisation: { id } } as typeof me.value;
}

afterEach(() => onDevice((db) => db.clear("stock"), undefined));

test("an answer comes back with its time, to the organisation that got it alone", async () => {
  signIn("a");
  await keepStock("products", { total: 3 });
  expect((await recallStock<{ total: number }>("products"))?.answer).toEqual({ total: 3 });
  expect((await recallStock("products"))?.at).toBeGreaterThan(0);
  signIn("b");
  expect(await recallStock("products")).toBeUndefined();
});

test("what was scanned for a box outlives any number of looked-up pages", async () => {
  signIn("a");
  await keepPacking(["010487000000000021A"]);
  for (let page = 0; page < 210; page += 1) await keepStock(`page ${page}`, page);
  expect(await packingScans()).toEqual(["010487000000000021A"]);
  expect(await recallStock("page 0")).toBeUndefined();
  expect((await recallStock("page 209"))?.answer).toBe(209);
  expect(await onDevice((db) => db.count("stock"), 0)).toBeLessThanOrEqual(201);
});
