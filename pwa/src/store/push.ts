/** Notifications on this device: whether the browser can, may and does, and the words that the service worker shows. */

import { signal } from "@preact/signals";
import { call, newKey } from "../api/client";
import type { components } from "../api/schema";
import { installed, isApple } from "./install";

type Schemas = components["schemas"];

/** What the service worker says of each kind, in the language of the last visit. */
export interface PushWords {
  language: "kk" | "ru" | "en";
  name: string;
  body: string;
  kinds: Record<string, string>;
}

/**
 * `install`: on Apple's phones only an installed app may ask. `denied`: the browser's settings say no.
 * `ask`: nobody has decided yet. `off`: allowed, but not wanted here now.
 */
export type PushState = "unsupported" | "install" | "denied" | "ask" | "off" | "on";

export const push = signal<PushState>("unsupported");

/** Read by src/sw.ts under the same names. */
const CACHE = "tanba-push";
const WORDS = "/push-words";
const KEPT = "tanba.push";
const LATER = "tanba.push.later";

/** Looks at what the browser says; asks nobody anything. */
export async function readPush(): Promise<void> {
  push.value = await state();
}

async function state(): Promise<PushState> {
  if (isApple() && !installed()) return "install";
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const worker = await navigator.serviceWorker.getRegistration();
  if (!worker) return "unsupported";
  if (Notification.permission === "default") return "ask";
  return (await worker.pushManager.getSubscription()) && read(KEPT) ? "on" : "off";
}

/**
 * Asks for permission, which must follow a tap, subscribes this browser and tells the server.
 *
 * @throws ApiError, or DOMException when the push service does not take the browser.
 */
export async function allowPush(words: PushWords): Promise<void> {
  if ((await Notification.requestPermission()) === "granted") await subscribe(words);
  await readPush();
}

/** @throws ApiError */
export async function stopPush(): Promise<void> {
  const id = read(KEPT);
  const worker = await navigator.serviceWorker.getRegistration();
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
  write(KEPT, null);
  await readPush();
  if (id) await call(`/api/v1/push/subscriptions/${id}`, { method: "DELETE", key: newKey() });
}

/** Keeps the words where the service worker finds them, and the server's idea of this browser fresh. */
export async function renewPush(words: PushWords): Promise<void> {
  if (push.value === "on") await subscribe(words);
}

/** The card that offers push was put off; it comes back after a month. */
export function putOff(): void {
  write(LATER, String(Date.now()));
}

export function isPutOff(): boolean {
  return Date.now() - Number(read(LATER) ?? 0) < 30 * 86_400_000;
}

async function subscribe(words: PushWords): Promise<void> {
  await keepWords(words);
  const worker = await navigator.serviceWorker.ready;
  const { key } = await call<Schemas["PushKey"]>("/api/v1/push/key");
  const subscription = await subscribed(worker, bytes(key));
  const { endpoint, keys } = subscription.toJSON();
  const body = { endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth }, language: words.language };
  const kept = await call<Schemas["SubscriptionOut"]>("/api/v1/push/subscriptions", { method: "POST", body, key: newKey() });
  write(KEPT, kept.id);
}

/** A subscription made for another server's key cannot be used and stands in the way of a new one. */
async function subscribed(worker: ServiceWorkerRegistration, key: Uint8Array<ArrayBuffer>): Promise<PushSubscription> {
  const old = await worker.pushManager.getSubscription();
  const same = old?.options.applicationServerKey && equal(new Uint8Array(old.options.applicationServerKey), key);
  if (old && same) return old;
  await old?.unsubscribe();
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function keepWords(words: PushWords): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.put(WORDS, new Response(JSON.stringify(words), { headers: { "Content-Type": "application/json" } }));
}

/** URL-safe base64 without padding, as the server writes the key. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Storage is blocked: the browser is asked to subscribe anew at the next visit.
  }
}
