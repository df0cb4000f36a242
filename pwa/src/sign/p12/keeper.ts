/** The page's side of one worker: orders with numbers, an end to waiting, and closing. */

import { trustedScriptUrl } from "../../trusted";
import { SignError } from "./errors";
import workerUrl from "./key.worker?worker&url";
import type { Answers, FromWorker, Order, ToWorker } from "./messages";

/** What is needed of a Worker; tests give one of their own. */
export interface WorkerLike {
  postMessage(message: ToWorker, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export type Spawn = () => WorkerLike;

export const spawnWorker: Spawn = () => new Worker(trustedScriptUrl(workerUrl) as string, { type: "module" }) as WorkerLike;

/** No container takes this long, even on a slow phone: the file is made to hang us. */
const HANGS_AFTER = 30_000;

/** A key that nobody used for so long is put away. */
export const IDLE = 10 * 60_000;

interface Waiting {
  resolve: (answer: never) => void;
  reject: (reason: SignError) => void;
  timer: ReturnType<typeof setTimeout>;
}

export class Keeper {
  private readonly worker: WorkerLike;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private idle: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  /** @throws SignError `sign.unavailable` where the browser gives no worker. */
  constructor(spawn: Spawn) {
    try {
      this.worker = spawn();
    } catch {
      throw new SignError("sign.unavailable");
    }
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = () => this.end("sign.unavailable");
  }

  /** Carries out one order; what is in `secrets` is handed over and empty here from then on. */
  ask<Kind extends Order["kind"]>(order: Order & { kind: Kind }, secrets: readonly Uint8Array[] = []): Promise<Answers[Kind]> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(new SignError("sign.closed"));
        return;
      }
      clearTimeout(this.idle);
      const timer = setTimeout(() => this.end("sign.not_a_container"), HANGS_AFTER);
      this.waiting.set(id, { resolve, reject, timer });
      this.worker.postMessage({ ...order, id }, secrets.map((secret) => secret.buffer as ArrayBuffer));
    });
  }

  close(): void {
    this.end("sign.closed");
  }

  private hear(message: FromWorker): void {
    const one = this.take(message.id);
    if ("done" in message) one?.resolve(message.done as never);
    else one?.reject(new SignError(message.failed, message.detail));
    if (!this.waiting.size && !this.closed) this.idle = setTimeout(() => this.close(), IDLE);
  }

  private take(id: number): Waiting | undefined {
    const one = this.waiting.get(id);
    clearTimeout(one?.timer);
    this.waiting.delete(id);
    return one;
  }

  private end(code: "sign.closed" | "sign.unavailable" | "sign.not_a_container"): void {
    this.closed = true;
    clearTimeout(this.idle);
    this.worker.terminate();
    for (const id of [...this.waiting.keys()]) this.take(id)?.reject(new SignError(code));
  }
}
