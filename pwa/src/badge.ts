/** The numbers on the shell: what waits unread, and what is not sent. Their stores are loaded once the page stands, for the signed-in alone. */

import { computed, effect, signal } from "@preact/signals";
import { me, signedIn, unconfirmed } from "./store/session";

const inbox = signal<typeof import("./store/inbox") | null>(null);

const outbox = signal<typeof import("./store/outbox") | null>(null);

/** What this device has done and the server does not have. */
export const unsent = computed(() => (signedIn.value && outbox.value ? outbox.value.unsent.value : 0));

export const unread = computed(() => (signedIn.value && inbox.value ? inbox.value.unread.value : 0));

/** From the first confirmed session on, for as long as the app is open. */
export function watchBadge(): void {
  let loading = false;
  effect(() => {
    if (loading || !me.value || unconfirmed.value) return;
    loading = true;
    void import("./store/outbox").then((store) => (outbox.value = store), () => undefined);
    import("./store/inbox").then(
      (store) => {
        store.watchUnread();
        inbox.value = store;
      },
      () => (loading = false),
    );
  });
}
