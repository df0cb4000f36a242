/**
 * The service worker: keeps the built app on the device, shows what was pushed, and sends what was left unsent. The build
 * puts `BUILD`, the list of files with their hashes, and `OUTBOX`, which is src/store/outbox-background.ts, in front of
 * this file. What pages ask of the API never passes through here.
 */

interface File {
  url: string;
  integrity: string | null;
}

declare const BUILD: { version: string; shell: File[]; later: File[] };
declare const OUTBOX: { drain(): Promise<void>; stay(): Promise<void> };
declare const self: ServiceWorkerGlobalScope;
export {};

const NAME = `tanba-${BUILD.version}`;
/** What another app shared with us, until the page has taken it. */
const SHARED = "tanba-shared";

/** What notifications say, in the language of the last visit; src/store/push.ts keeps it. */
const PUSH = "tanba-push";
const WORDS = "/push-words";

/** A file whose bytes are not those of the build is refused, wherever it was changed. */
async function store(cache: Cache, { url, integrity }: File): Promise<void> {
  const response = await fetch(url, integrity ? { integrity } : { cache: "no-cache" });
  if (!response.ok || response.redirected || response.type !== "basic") throw new Error(`${url}: ${response.status}`);
  await cache.put(url, response);
}

async function install(): Promise<void> {
  const cache = await caches.open(NAME);
  try {
    await Promise.all(BUILD.shell.map((file) => store(cache, file)));
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => ![NAME, SHARED, PUSH].includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The decoder and other big files, once the page stands. */
async function complete(): Promise<void> {
  const cache = await caches.open(NAME);
  for (const file of BUILD.later) if (!(await cache.match(file.url))) await store(cache, file);
  for (const client of await self.clients.matchAll()) client.postMessage({ kind: "ready" });
}

/** A waiting version is let in when the app starts anew and no other window of it is open. */
async function page(request: Request): Promise<Response> {
  const { waiting } = self.registration;
  if (waiting && request.method === "GET" && (await self.clients.matchAll()).length < 2) {
    waiting.postMessage({ kind: "skip" });
    return new Response("", { headers: { Refresh: "0" } });
  }
  return (await (await caches.open(NAME)).match("/")) ?? fetch(request);
}

async function file(request: Request): Promise<Response> {
  return (await (await caches.open(NAME)).match(request, { ignoreVary: true })) ?? fetch(request);
}

/** A picture or a text from another app; the page fetches it from the cache under the address it is sent to. */
async function shared(request: Request): Promise<Response> {
  const form = await request.formData();
  const picture = form.get("f");
  const text = ["x", "u", "t"].map((name) => form.get(name)).find((value) => typeof value === "string" && value !== "");
  const cache = await caches.open(SHARED);
  if (picture instanceof Blob && picture.size > 0) await cache.put("/shared", new Response(picture));
  else if (typeof text === "string") await cache.put("/shared", new Response(text, { headers: { "Content-Type": "text/plain" } }));
  return Response.redirect("/?shared=1", 303);
}

interface Pushed {
  id: string;
  kind: string;
  link: string;
  unread: number;
}

interface Words {
  language: string;
  name: string;
  body: string;
  kinds: Record<string, string>;
}

/** Names and numbers never come this way: the server says of which kind it is, the words lie on the device. */
async function notify(pushed: Partial<Pushed>): Promise<void> {
  const kept = await (await caches.open(PUSH)).match(WORDS);
  const words = kept ? ((await kept.json()) as Words) : null;
  const title = words?.kinds[pushed.kind ?? ""] ?? words?.name ?? "Таңба";
  await self.registration.showNotification(title, {
    body: words?.body ?? "",
    lang: words?.language ?? "kk",
    icon: "/icons/192.png",
    badge: "/icons/mono-192.png",
    // A newer one of the same kind about the same thing takes the older one's place.
    tag: `${pushed.kind ?? ""}|${pushed.link ?? ""}`,
    data: { link: pushed.link ?? "/inbox" },
  });
  const icon = self.navigator as { setAppBadge?: (count: number) => Promise<void> };
  if (pushed.unread) await icon.setAppBadge?.(pushed.unread)?.catch(() => undefined);
  for (const client of await self.clients.matchAll()) client.postMessage({ kind: "pushed" });
}

/** Opens an address of ours, in a window that is there already if there is one. */
async function follow(link: string): Promise<void> {
  const target = new URL(link, location.origin);
  const url = target.origin === location.origin ? target.href : location.origin;
  const [open] = await self.clients.matchAll({ type: "window" });
  const moved = await open?.navigate(url).catch(() => null);
  if (moved) await moved.focus();
  else await self.clients.openWindow(url);
}

/** A page in front sends what waits itself, at its own pace; while it lives. */
async function send(): Promise<void> {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const inFront = pages.some(({ visibilityState }) => visibilityState === "visible");
  await (inFront ? OUTBOX.stay() : OUTBOX.drain());
}

function read(message: PushMessageData | null): Partial<Pushed> {
  try {
    return (message?.json() ?? {}) as Partial<Pushed>;
  } catch {
    return {};
  }
}

self.addEventListener("push", (event) => event.waitUntil(notify(read(event.data))));
// Background Sync, under the one tag that src/store/outbox-reminder.ts registers. The type checker knows no such event.
self.addEventListener("sync", (event) => (event as ExtendableEvent).waitUntil(send()));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(follow((event.notification.data as { link: string }).link));
});
self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  const { kind } = event.data as { kind?: string };
  if (kind === "skip") event.waitUntil(self.skipWaiting());
  if (kind === "complete") event.waitUntil(complete().catch(() => undefined));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || /^\/(api\/|health|ready|metrics|openapi)/.test(pathname)) return;
  if (request.method === "POST" && pathname === "/share") event.respondWith(shared(request));
  else if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(request));
  else if (request.method === "GET") event.respondWith(file(request));
});
