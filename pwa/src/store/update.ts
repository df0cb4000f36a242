/** The service worker: started after the first paint; a new version waits until the person or the next cold start lets it. */

import { signal } from "@preact/signals";
import { trustedScriptUrl } from "../trusted";

/** True when a newer app waits on the device. */
export const updateReady = signal(false);

/** True when everything that the app needs without network is on the device. */
export const offlineReady = signal(false);

let waiting: ServiceWorker | null = null;

export async function startServiceWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const workers = navigator.serviceWorker;
  workers.addEventListener("message", ({ data }: MessageEvent<{ kind?: string }>) => {
    if (data.kind === "ready") offlineReady.value = true;
  });
  try {
    const registration = await workers.register(trustedScriptUrl("/sw.js"), { updateViaCache: "none" });
    offer(registration);
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", () => offer(registration));
    });
    const { active } = await workers.ready;
    active?.postMessage({ kind: "complete" });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void registration.update().catch(() => undefined);
    });
  } catch {
    // Private windows and old browsers refuse: the app then works as a plain page.
  }
}

function offer(registration: ServiceWorkerRegistration): void {
  waiting = registration.waiting;
  updateReady.value = waiting !== null && navigator.serviceWorker.controller !== null;
}

/** Lets the new version in and reloads once it rules. */
export function applyUpdate(): void {
  if (!waiting) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage({ kind: "skip" });
}
