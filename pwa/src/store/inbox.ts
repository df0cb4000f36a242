/** How many notifications are unread: the shell's badge and, where the system has one, the icon's. */

import { signal } from "@preact/signals";
import { ApiError, call } from "../api/client";
import type { components } from "../api/schema";
import { me } from "./session";

type Schemas = components["schemas"];
export type Notification = Schemas["NotificationOut"];
export type Page = Schemas["Inbox"];

/** Counted by the server up to 100. */
export const unread = signal(0);

/** Often enough to be news, rarely enough to cost nothing: phones without push have nothing else. */
const EVERY = 60_000;

/** Keeps {@link unread} in step while somebody is signed in and the app is on screen. */
export function watchUnread(): void {
  const look = (): void => {
    if (document.visibilityState === "visible") void loadUnread();
  };
  me.subscribe((who) => {
    if (who) look();
    else show(0);
  });
  document.addEventListener("visibilitychange", look);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if ((data as { kind?: string }).kind === "pushed") look();
  });
  setInterval(look, EVERY);
}

/** Asks the server; without an answer the last number stays. */
export async function loadUnread(): Promise<void> {
  if (!me.value) return;
  try {
    show((await call<Schemas["Unread"]>("/api/v1/notifications/unread")).unread);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** @throws ApiError */
export function loadInbox(cursor: string | null): Promise<Page> {
  const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
  return call<Page>(`/api/v1/notifications?limit=30${more}`);
}

/** @throws ApiError */
export async function markRead(id: string, key: string): Promise<void> {
  const answer = await call<Schemas["Unread"]>(`/api/v1/notifications/${id}/read`, { method: "POST", key });
  show(answer.unread);
}

/** @throws ApiError */
export async function markAllRead(upTo: string, key: string): Promise<void> {
  const answer = await call<Schemas["Unread"]>("/api/v1/notifications/read", { method: "POST", body: { up_to: upTo }, key });
  show(answer.unread);
}

function show(count: number): void {
  unread.value = count;
  const icon = navigator as { setAppBadge?: (count: number) => Promise<void>; clearAppBadge?: () => Promise<void> };
  const shown = count > 0 ? icon.setAppBadge?.(count) : icon.clearAppBadge?.();
  // Not allowed, or not installed: the badge in the app is enough.
  shown?.catch(() => undefined);
}
