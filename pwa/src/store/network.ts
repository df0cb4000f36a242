/** Whether the server can be reached: found out by asking it, because browsers call any Wi-Fi "online". */

import { signal } from "@preact/signals";
import { onReached } from "../api/client";
import { probe } from "../api/verification";

const PAUSES = [5_000, 15_000, 60_000];

/** True until the contrary is known: a first visit must not begin with a warning. */
export const online = signal(true);

type Back = () => void;
const waiting = new Set<Back>();
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

/** @returns stop. `back` is called each time the server answers again after it did not. */
export function onReconnect(back: Back): () => void {
  waiting.add(back);
  return () => waiting.delete(back);
}

/** Listens to the browser and to every call; while the server is away, asks again after 5, 15, then every 60 s. */
export function watchNetwork(): void {
  onReached(heard);
  addEventListener("offline", () => heard(false));
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !online.value) ask();
  });
  if (!navigator.onLine) heard(false);
}

/** Asks now; {@link online} follows. */
export function ask(): void {
  clearTimeout(timer);
  // The call itself reports through onReached.
  probe().catch(() => undefined);
}

function heard(reached: boolean): void {
  clearTimeout(timer);
  const came = reached && !online.value;
  online.value = reached;
  if (!reached) {
    timer = setTimeout(ask, PAUSES[Math.min(failures, PAUSES.length - 1)]);
    failures += 1;
    return;
  }
  failures = 0;
  if (came) for (const back of waiting) back();
}
