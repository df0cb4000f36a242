import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const NOW = "2026-11-22T10:00:00Z";
let acts: { id: string }[] = [];
let asked: string[] = [];
let answer: (path: string) => Response;
let visible = "visible";
let listeners: (() => void)[] = [];

async function load(organisation = "o1"): Promise<typeof import("./meeting")> {
  vi.resetModules();
  const session = await import("./session");
  session.me.value = { person: { id: "p" }, organisation: { id: organisation }, permissions: [] } as never;
  return import("./meeting");
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  [acts, asked, visible, listeners] = [[], [], "visible", []];
  answer = () => json({ acts, now: NOW });
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  vi.stubGlobal("document", {
    get visibilityState() {
      return visible;
    },
    addEventListener: (_: string, heard: () => void) => listeners.push(heard),
    removeEventListener: (_: string, heard: () => void) => (listeners = listeners.filter((one) => one !== heard)),
  });
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return answer(path);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("an act that comes is told once, and what came before the watch is not", async () => {
  const { watchNews, came, EVERY } = await load();
  vi.useFakeTimers();
  const told: string[] = [];
  const stop = watchNews(({ id }) => told.push(id));
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(["/api/v1/meetings/news"]);
  acts = [{ id: "a" }];
  await vi.advanceTimersByTimeAsync(EVERY);
  acts = [{ id: "b" }, { id: "a" }];
  await vi.advanceTimersByTimeAsync(2 * EVERY);
  expect(told).toEqual(["a", "b"]);
  expect(came.value.map(({ id }) => id)).toEqual(["b", "a"]);
  expect(asked.at(-1)).toBe(`/api/v1/meetings/news?since=${encodeURIComponent(NOW)}`);
  expect(EVERY).toBeLessThanOrEqual(2_000);
  stop();
  const before = asked.length;
  await vi.advanceTimersByTimeAsync(10 * EVERY);
  expect([asked.length, listeners.length]).toEqual([before, 0]);
});

test("nothing is asked out of sight, and at once when the phone is taken up again", async () => {
  const { watchNews, EVERY } = await load();
  vi.useFakeTimers();
  const stop = watchNews(() => undefined);
  await vi.advanceTimersByTimeAsync(0);
  visible = "hidden";
  await vi.advanceTimersByTimeAsync(20 * EVERY);
  expect(asked).toHaveLength(1);
  visible = "visible";
  for (const heard of listeners) heard();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(2);
  stop();
});

test("a lost network is asked again more rarely", async () => {
  const { watchNews, EVERY } = await load();
  vi.useFakeTimers();
  answer = () => {
    throw new TypeError("network");
  };
  const stop = watchNews(() => undefined);
  await vi.advanceTimersByTimeAsync(2 * EVERY);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2 * EVERY);
  expect(asked).toHaveLength(2);
  stop();
});

test("the code that was shown last is there without network, for its own organisation alone", async () => {
  const code = { token: "t", code: { text: "x", qr: ["1"] }, expires_at: NOW, standing: { text: "y", qr: ["0"] } };
  answer = () => json(code);
  await (await load()).freshCode("place");
  expect(asked).toEqual(["/api/v1/meetings/mine?place_id=place"]);
  expect(await (await load()).recallCode()).toMatchObject({ place: "place", code });
  expect(await (await load("o2")).recallCode()).toBeUndefined();
});

test("whom the seller met: by a fresh code with the place, by a number with the name in the register", async () => {
  const names = { kk: "«Дос» ЖШС", ru: "ТОО «Дос»", en: "Dos LLP" };
  answer = (path) => json(path.endsWith("/read") ? { tax_number: "1", names, place: { id: "p", names } } : { tax_number: "2", names, typed: "" });
  const { meet } = await load();
  expect(await meet({ kind: "token", token: "t", tax: "9" }, "ru")).toEqual({ tax: "1", name: "ТОО «Дос»", place: { id: "p", name: "ТОО «Дос»" } });
  expect(await meet({ kind: "tax", tax: "2" }, "kk")).toEqual({ tax: "2", name: "«Дос» ЖШС", place: null });
  answer = () => json({ error: { code: "organisations.unknown" } }, 404);
  expect(await meet({ kind: "tax", tax: "3" }, "kk")).toEqual({ tax: "3", name: "", place: null });
  answer = () => json({ error: { code: "acts.meeting_over" } }, 422);
  await expect(meet({ kind: "token", token: "t", tax: "9" }, "ru")).rejects.toMatchObject({ code: "acts.meeting_over" });
  answer = () => {
    throw new TypeError("network");
  };
  expect(await meet({ kind: "token", token: "t", tax: "9" }, "ru")).toEqual({ tax: "9", name: "", place: null });
});
