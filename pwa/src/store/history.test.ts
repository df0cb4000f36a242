import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import { beginning } from "./history";
import type { Check } from "./history";

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal("indexedDB", new IDBFactory());
});

const entry = (at: number): Check => ({ id: `c${at}`, at, code: String(at) }) as Check;

test("the newest stand first", async () => {
  const { recall, remember } = await import("./history");
  for (const at of [2, 3, 1]) await remember(entry(at));
  expect((await recall()).map(({ at }) => at)).toEqual([3, 2, 1]);
});

test("the oldest go when there are more than five hundred", async () => {
  const { recall, remember } = await import("./history");
  for (let at = 0; at < 503; at += 1) await remember(entry(at));
  const kept = await recall();
  expect(kept).toHaveLength(500);
  expect(kept.at(-1)?.at).toBe(3);
});

test("erasing one and erasing all are told to whoever lists them", async () => {
  const { forget, forgetAll, historyVersion, recall, remember } = await import("./history");
  await remember(entry(1));
  await remember(entry(2));
  const before = historyVersion.value;
  await forget("c1");
  expect((await recall()).map(({ id }) => id)).toEqual(["c2"]);
  await forgetAll();
  expect(await recall()).toEqual([]);
  expect(historyVersion.value).toBe(before + 2);
});

test("a browser without storage still checks codes", async () => {
  const { recall, remember } = await import("./history");
  vi.spyOn(indexedDB, "open").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  await expect(remember(entry(1))).resolves.toBeUndefined();
  expect(await recall()).toEqual([]);
  vi.restoreAllMocks();
});

test.each([
  ["https://shop.example/very/long", "https://shop.example/very/long"],
  ["010487000123456021SERIAL1234567\u001d91TFW1\u001d92TAIL", "010487000123456021SERIAL1234567"],
  ["010487000123456021SERIAL123456791TFW192TAILTAILTAIL", "010487000123456021SERIAL1234567"],
  ["]d2010487000123456921SERIAL1234567", "]d2010487000123456921SERIAL1234"],
  ["(01)04870001234569(21)SERIAL1234567(91)TFW1(92)TAIL", "(01)04870001234569(21)SERIAL123"],
  ["x".repeat(500), "x".repeat(120)],
])("of %s no tail is kept", (text, kept) => {
  expect(beginning(text)).toBe(kept);
});
