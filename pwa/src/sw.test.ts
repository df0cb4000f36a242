import { beforeEach, expect, test, vi } from "vitest";

// Type-checked on its own, against the library of workers.
const WORKER = "./sw.ts";
const drain = vi.fn(() => Promise.resolve());

beforeEach(() => {
  drain.mockClear();
  vi.resetModules();
});

/** What the worker does when the browser wakes it while these windows are open. */
async function woken(windows: readonly { visibilityState: string }[]): Promise<void> {
  const heard = new Map<string, (event: unknown) => void>();
  vi.stubGlobal("BUILD", { version: "1", shell: [], later: [] });
  vi.stubGlobal("OUTBOX", { drain });
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
});

test("a page in front sends what waits itself", async () => {
  await woken([{ visibilityState: "hidden" }, { visibilityState: "visible" }]);
  expect(drain).not.toHaveBeenCalled();
});

test("the browser is told when something still waits", async () => {
  drain.mockRejectedValueOnce(new Error("something still waits"));
  await expect(woken([])).rejects.toThrow();
});
