import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const probe = vi.fn<() => Promise<void>>();
let reached: (reached: boolean) => void = () => undefined;
vi.mock("../api/verification", () => ({ probe }));
vi.mock("../api/client", () => ({ onReached: (listener: typeof reached) => (reached = listener) }));

const events = new Map<string, () => void>();

beforeEach(() => {
  vi.resetModules();
  vi.clearAllMocks();
  vi.useFakeTimers();
  probe.mockResolvedValue();
  vi.stubGlobal("addEventListener", (name: string, listener: () => void) => events.set(name, listener));
  vi.stubGlobal("document", { visibilityState: "visible", addEventListener: (name: string, listener: () => void) => events.set(name, listener) });
  vi.stubGlobal("navigator", { onLine: true });
});

afterEach(() => vi.useRealTimers());

async function watched(): Promise<typeof import("./network")> {
  const network = await import("./network");
  network.watchNetwork();
  return network;
}

describe("the network", () => {
  test("counts as there until the contrary is known", async () => {
    const { online } = await watched();
    expect(online.value).toBe(true);
    reached(false);
    expect(online.value).toBe(false);
  });

  test("is away from the start where the browser itself says so", async () => {
    vi.stubGlobal("navigator", { onLine: false });
    expect((await watched()).online.value).toBe(false);
  });

  test("is not believed to be back because the browser says so: the server is asked", async () => {
    const { online } = await watched();
    events.get("offline")?.();
    events.get("online")?.();
    expect(probe).toHaveBeenCalledTimes(1);
    expect(online.value).toBe(false);
    reached(true);
    expect(online.value).toBe(true);
  });

  test("is asked for again after 5, 15, then every 60 seconds while it is away", async () => {
    await watched();
    probe.mockImplementation(async () => reached(false));
    reached(false);
    for (const [pause, asked] of [[5_000, 1], [15_000, 2], [60_000, 3], [60_000, 4]] as const) {
      await vi.advanceTimersByTimeAsync(pause - 1);
      expect(probe).toHaveBeenCalledTimes(asked - 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(probe).toHaveBeenCalledTimes(asked);
    }
  });

  test("is asked for when the page is shown again, if it was away", async () => {
    await watched();
    events.get("visibilitychange")?.();
    expect(probe).not.toHaveBeenCalled();
    reached(false);
    events.get("visibilitychange")?.();
    expect(probe).toHaveBeenCalledTimes(1);
  });

  test("tells its return once, and to nobody who stopped listening", async () => {
    const { onReconnect } = await watched();
    const back = vi.fn();
    const gone = vi.fn();
    onReconnect(back);
    onReconnect(gone)();
    reached(true);
    expect(back).not.toHaveBeenCalled();
    reached(false);
    reached(true);
    reached(true);
    expect(back).toHaveBeenCalledTimes(1);
    expect(gone).not.toHaveBeenCalled();
  });
});
