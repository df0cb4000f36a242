import { beforeEach, expect, test, vi } from "vitest";

// Type-checked on its own, against the library of workers.
const WORKER = "./sw.ts";
const drain = vi.fn(() => Promise.resolve());
const stay = vi.fn(() => Promise.resolve());

beforeEach(() => {
  vi.clearAllMocks();
  vi.resetModules();
});

/** What the worker does when the browser wakes it while these windows are open. */
async function woken(windows: readonly { visibilityState: string }[]): Promise<void> {
  const heard = new Map<string, (event: unknown) => void>();
  vi.stubGlobal("BUILD", { version: "1", shell: [], later: [] });
  vi.stubGlobal("OUTBOX", { drain, stay });
  vi.stubGlobal("self", {
    addEventListener: (name: string, listener: (event: unknown) => void) => void heard.set(name, listener),
    clients: { matchAll: () => Promise.resolve(windows) },
  });
  await import(/* @vite-ignore */ WORKER);
  let work: Promise<void> | undefined;
  heard.get("sync")?.({ tag: "tanba.outbox", waitUntil: (given: Promise<void>) => (work = given) });
  await work;
}

test.each([[[]], [[{ visibilityState: "hidden" }]]])("with %o the worker sends what waits", async (windows) => {
  await woken(windows);
  expect(drain).toHaveBeenCalledTimes(1);
  expect(stay).not.toHaveBeenCalled();
});

test("a page in front sends what waits itself", async () => {
  await woken([{ visibilityState: "hidden" }, { visibilityState: "visible" }]);
  expect(drain).not.toHaveBeenCalled();
  expect(stay).toHaveBeenCalledTimes(1);
});

test.each([[drain, []], [stay, [{ visibilityState: "visible" }]]])("the browser is told when something still waits: %o", async (work, windows) => {
  work.mockRejectedValueOnce(new Error("something still waits"));
  await expect(woken(windows)).rejects.toThrow("something still waits");
});
