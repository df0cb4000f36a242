/** Background Sync, where the browser has it: when there is a network it wakes the service worker, which sends what waits. */

import { NAME } from "./outbox-sending";

/** Not in the type checker's library: no standard, and only Chromium has it. */
interface Worker {
  sync?: { register(tag: string): Promise<void> };
}

let worker: Worker | null = null;

/** The registration is kept at hand: a tab that is being closed has no time to look for it. */
export function readyToRemind(): void {
  void globalThis.navigator?.serviceWorker?.ready.then((found) => (worker = found as Worker));
}

/** Nothing depends on it: what waits is also sent when the app is next opened. */
export function remind(): void {
  // Refused in private windows, and by whoever switched it off.
  void worker?.sync?.register(NAME).catch(() => undefined);
}
