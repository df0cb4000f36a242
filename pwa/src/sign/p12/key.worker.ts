/// <reference lib="webworker" />
/** The worker in which a key lives: nothing but facts and signatures comes out of it, and closing it forgets the key. */

import { Desk } from "./desk";
import type { ToWorker } from "./messages";

declare const self: DedicatedWorkerGlobalScope;

const desk = new Desk();

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  self.postMessage(await desk.serve(data));
};
