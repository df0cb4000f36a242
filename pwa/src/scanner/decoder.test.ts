import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FromWorker, ToWorker } from "./messages";

vi.mock("./decoder.worker?worker&url", () => ({ default: "/assets/decoder.worker.js" }));

const { Decoder } = await import("./decoder");

class FakeWorker {
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  heard: ToWorker[] = [];
  dead = false;
  postMessage(message: ToWorker): void {
    this.heard.push(message);
  }
  terminate(): void {
    this.dead = true;
  }
  say(message: FromWorker): void {
    this.onmessage?.({ data: message } as MessageEvent<FromWorker>);
  }
}

const image = () => ({ width: 1, height: 1, data: new Uint8ClampedArray(4) });
const plan = { linear: false, rescues: [] };
const reading = { scans: [], light: { mean: 1, spread: 1 } };

let workers: FakeWorker[];
let decoder: InstanceType<typeof Decoder>;

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  decoder = new Decoder(() => {
    workers.push(new FakeWorker());
    return workers.at(-1) as FakeWorker;
  });
});
afterEach(() => vi.useRealTimers());

describe("the decoding worker", () => {
  it("is one, however often it is started, and loads at once", () => {
    decoder.start();
    decoder.start();
    void decoder.read(image(), plan);
    expect(workers).toHaveLength(1);
    expect(workers[0]?.heard.map((message) => message.kind)).toEqual(["load", "read"]);
  });

  it("answers by request, in whatever order", async () => {
    const first = decoder.read(image(), plan);
    const second = decoder.read(image(), plan);
    workers[0]?.say({ kind: "read", id: 2, reading: { ...reading, light: { mean: 2, spread: 0 } } });
    workers[0]?.say({ kind: "read", id: 1, reading });
    expect((await first).light.mean).toBe(1);
    expect((await second).light.mean).toBe(2);
  });

  it("is told of what was given up, and the asker hears at once", async () => {
    const stop = new AbortController();
    const asked = decoder.read(image(), plan, stop.signal);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    expect(workers[0]?.heard.at(-1)).toEqual({ kind: "abort", id: 1 });
    workers[0]?.say({ kind: "aborted", id: 1 });
  });

  it("does not see a request that was given up before", async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(decoder.read(image(), plan, stop.signal)).rejects.toMatchObject({ name: "AbortError" });
    expect(workers[0]?.heard.map((message) => message.kind)).toEqual(["load"]);
  });

  it("survives one bad image", async () => {
    const bad = decoder.read(image(), plan);
    workers[0]?.say({ kind: "error", id: 1, reason: "bad image" });
    await expect(bad).rejects.toThrow("bad image");
    expect(workers[0]?.dead).toBe(false);
  });

  it("is replaced when the reader did not load", async () => {
    const asked = decoder.read(image(), plan);
    workers[0]?.say({ kind: "failed", reason: "offline" });
    await expect(asked).rejects.toMatchObject({ name: "DecoderUnavailable", message: "offline" });
    expect(workers[0]?.dead).toBe(true);
    void decoder.read(image(), plan);
    expect(workers).toHaveLength(2);
  });

  it("says so when it cannot even be started, and tries again with the next image", async () => {
    let forbidden = true;
    const refused = new Decoder(() => {
      if (forbidden) throw new TypeError("policy");
      workers.push(new FakeWorker());
      return workers.at(-1) as FakeWorker;
    });
    expect(() => refused.start()).not.toThrow();
    await expect(refused.read(image(), plan)).rejects.toMatchObject({ name: "DecoderUnavailable" });
    forbidden = false;
    void refused.read(image(), plan);
    expect(workers).toHaveLength(1);
  });

  it("is replaced when it hangs", async () => {
    const asked = decoder.read(image(), plan);
    const failing = expect(asked).rejects.toMatchObject({ name: "DecoderUnavailable" });
    await vi.advanceTimersByTimeAsync(20_000);
    await failing;
    expect(workers[0]?.dead).toBe(true);
  });

  it("is not thought to hang by an answer that came", async () => {
    const asked = decoder.read(image(), plan);
    workers[0]?.say({ kind: "read", id: 1, reading });
    await asked;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(workers[0]?.dead).toBe(false);
  });
});
