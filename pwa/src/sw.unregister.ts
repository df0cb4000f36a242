/** The kill switch: published in place of sw.js, it removes all caches and itself, and reloads the pages from the server. */

declare const self: ServiceWorkerGlobalScope;
export {};

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) await caches.delete(name);
      await self.registration.unregister();
      for (const client of await self.clients.matchAll({ type: "window" })) {
        await (client as WindowClient).navigate(client.url).catch(() => null);
      }
    })(),
  ),
);
