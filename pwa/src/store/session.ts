/** Who is signed in on this device, as the server last said it. */

import { computed, signal } from "@preact/signals";
import { ApiError, call, onRefused } from "../api/client";
import type { components } from "../api/schema";

export type Me = components["schemas"]["Me"];

const KEPT = "tanba.me";
/** What the server says when the session is gone, or when its owner may not act any more. */
const ENDS = /^(identity\.not_signed_in|organisations\.(blocked|membership_blocked|membership_ended))$/;

/** `undefined` until anything is known, `null` when nobody is signed in. Without network: who it was when last seen. */
export const me = signal<Me | null | undefined>(read());
/** True while {@link me} is what the server said at an earlier visit. */
export const unconfirmed = signal(Boolean(me.value));
/** True once the server has answered in this visit. */
export const answered = signal(false);
/** Why the last session ended: an error code, until somebody signs in again. */
export const ended = signal<string | null>(null);
/** What the shell shows before the server has answered. */
export const signedIn = computed(() => Boolean(me.value));

/** Asks the server. Without an answer what was known stays, so that a lost network signs nobody out. */
export async function loadMe(): Promise<void> {
  try {
    known(await call<Me>("/api/v1/me"));
    ended.value = null;
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 403)) return;
    if (me.value) ended.value = error.code;
    known(null);
  }
}

/** True when somebody was signed in here when last seen: only then is it worth asking at the start. */
export function wasSignedIn(): boolean {
  return me.value !== null;
}

/** Listens to refusals of every call, and to other windows in which somebody signs out or in. */
export function watchSession(): void {
  onRefused((error) => {
    if (me.value && ENDS.test(error.code) && (error.status === 401 || error.status === 403)) void settle();
  });
  addEventListener("storage", ({ key }) => {
    if (key === KEPT) me.value = read();
  });
}

export async function signOut(): Promise<void> {
  await call("/api/v1/auth/logout", { method: "POST" });
  ended.value = null;
  known(null);
}

export function can(permission: string): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

let settling: Promise<void> | null = null;

/** Many calls are refused at once when a session ends; the server is asked once. */
function settle(): Promise<void> {
  settling ??= loadMe().finally(() => (settling = null));
  return settling;
}

function known(now: Me | null): void {
  answered.value = true;
  me.value = now;
  unconfirmed.value = false;
  try {
    if (now) localStorage.setItem(KEPT, JSON.stringify(now));
    else localStorage.removeItem(KEPT);
  } catch {
    // Storage is blocked: the server is asked at every start instead.
  }
}

function read(): Me | null | undefined {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept ? (JSON.parse(kept) as Me) : null;
  } catch {
    return undefined;
  }
}
