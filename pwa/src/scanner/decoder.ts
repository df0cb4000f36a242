/** The page's side of the one decoding worker: requests with ids, abort, and a fresh worker when the old one hangs. */

import { trustedScriptUrl } from "../trusted";
import workerUrl from "./decoder.worker?worker&url";
import type { Rescue } from "./ladder";
import type { Pixels } from "./luma";
import type { FromWorker, ToWorker } from "./messages";
import type { Reading, ReadingPlan } from "./reading";
import type { RawScan, ScanSource } from "./scan";

export class DecoderUnavailable extends Error {
  override name = "DecoderUnavailable";
}

/** What the decoder needs of a Worker; tests give a fake. */
export interface WorkerLike {
  postMessage(message: ToWorker, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** No image takes this long, even on a slow phone: the worker hangs. */
const HANGS_AFTER = 20_000;

interface Pending {
  resolve: (reading: Reading) => void;
  reject: (reason: Error) => void;
  timer: ReturnType<typeof setTimeout>;
}

export class Decoder {
  private worker: WorkerLike | null = null;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;

  constructor(private readonly spawn: () => WorkerLike) {}

  /** Starts worker and wasm without waiting for either; harmless when they already run. */
  start(): void {
    if (this.worker) return;
    let worker: WorkerLike;
    try {
      worker = this.spawn();
    } catch {
      // A browser without module workers, or a policy that forbids them: every reading will say so.
      return;
    }
    worker.onmessage = ({ data }) => this.hear(data);
    worker.onerror = (event) => this.fail(event.message || "worker failed");
    this.worker = worker;
    worker.postMessage({ kind: "load" }, []);
  }

  /**
   * Reads one image; an ImageBitmap is handed over and closed.
   *
   * @throws DecoderUnavailable when the reader could not be loaded or hangs; the next call tries a fresh worker.
   * @throws DOMException AbortError when `signal` fires first.
   */
  read(image: ImageBitmap | Pixels, plan: ReadingPlan, signal?: AbortSignal): Promise<Reading> {
    this.start();
    const id = this.nextId++;
    return new Promise<Reading>((resolve, reject) => {
      if (signal?.aborted) {
        reject(aborted());
        return;
      }
      if (!this.worker) {
        reject(new DecoderUnavailable("no worker"));
        return;
      }
      const timer = setTimeout(() => this.fail("the decoder hangs"), HANGS_AFTER);
      this.pending.set(id, { resolve, reject, timer });
      signal?.addEventListener("abort", () => this.abort(id), { once: true });
      this.worker.postMessage({ kind: "read", id, image, plan }, "close" in image ? [image] : [image.data.buffer]);
    });
  }

  stop(): void {
    this.fail("stopped");
  }

  private abort(id: number): void {
    const waiting = this.take(id);
    if (!waiting) return;
    this.worker?.postMessage({ kind: "abort", id }, []);
    waiting.reject(aborted());
  }

  private hear(message: FromWorker): void {
    if (message.kind === "failed") this.fail(message.reason);
    else if (message.kind === "read") this.take(message.id)?.resolve(message.reading);
    else if (message.kind === "error") this.take(message.id)?.reject(new Error(message.reason));
  }

  private take(id: number): Pending | undefined {
    const waiting = this.pending.get(id);
    if (waiting) clearTimeout(waiting.timer);
    this.pending.delete(id);
    return waiting;
  }

  private fail(reason: string): void {
    this.worker?.terminate();
    this.worker = null;
    for (const id of [...this.pending.keys()]) this.take(id)?.reject(new DecoderUnavailable(reason));
  }
}

function aborted(): DOMException {
  return new DOMException("Decoding was given up", "AbortError");
}

/** The decoder of the whole app. */
export const decoder = new Decoder(() => new Worker(trustedScriptUrl(workerUrl) as string, { type: "module" }) as WorkerLike);

export interface DecodeOptions {
  source?: ScanSource;
  linear?: boolean;
  rescues?: readonly Rescue[];
  signal?: AbortSignal;
}

/** All codes of an image, including those only located (`located: true`, empty text). */
export async function decode(image: ImageBitmap | Pixels, options: DecodeOptions = {}): Promise<RawScan[]> {
  const { source = "photo", linear = true, rescues = [], signal } = options;
  const { scans } = await decoder.read(image, { linear, rescues }, signal);
  return scans.map((scan) => ({ ...scan, source }));
}
