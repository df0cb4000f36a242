/** Who is signed in on this device, as the server last said it. */

import { signal } from "@preact/signals";
import { ApiError, call } from "../api/client";
import type { components } from "../api/schema";

export type Me = components["schemas"]["Me"];

const KNOWN = "tanba.signed-in";

/** `undefined` until the server was asked, `null` when nobody is signed in. */
export const me = signal<Me | null | undefined>(undefined);

/** Asks the server. Without an answer what was known stays, so that a lost network signs nobody out. */
export async function loadMe(): Promise<void> {
  try {
    me.value = await call<Me>("/api/v1/me");
    note(true);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
      me.value = null;
      note(false);
    }
  }
}

/** True when somebody was signed in here when last seen: only then is it worth asking at the start. */
export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(KNOWN) === "1";
  } catch {
    return true;
  }
}

export async function signOut(): Promise<void> {
  await call("/api/v1/auth/logout", { method: "POST" });
  me.value = null;
  note(false);
}

export function can(permission: string): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

function note(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(KNOWN, "1");
    else localStorage.removeItem(KNOWN);
  } catch {
    // Storage is blocked: the server is asked at every start instead.
  }
}
