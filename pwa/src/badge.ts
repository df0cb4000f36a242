/** The number on the cabinet: what waits unread. Its store is loaded once the page stands, for the signed-in alone. */

import { computed, effect, signal } from "@preact/signals";
import { signedIn } from "./store/session";

const waiting = signal(0);

export const unread = computed(() => (signedIn.value ? waiting.value : 0));

let started: Promise<void> | null = null;

/** Called once the page stands. A chunk that does not arrive costs the number and nothing else. */
export function watchBadge(): void {
  effect(() => {
    if (signedIn.value) started ??= start().catch(() => undefined);
  });
}

async function start(): Promise<void> {
  const inbox = await import("./store/inbox");
  inbox.watchUnread();
  effect(() => {
    waiting.value = inbox.unread.value;
  });
}
