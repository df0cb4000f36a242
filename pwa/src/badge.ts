/** The number on the cabinet: what waits unread. Its store is loaded once the page stands, for the signed-in alone. */

import { computed, effect, signal } from "@preact/signals";
import { me, signedIn, unconfirmed } from "./store/session";

const inbox = signal<typeof import("./store/inbox") | null>(null);

export const unread = computed(() => (signedIn.value && inbox.value ? inbox.value.unread.value : 0));

/** From the first confirmed session on, for as long as the app is open. */
export function watchBadge(): void {
  let loading = false;
  effect(() => {
    if (loading || !me.value || unconfirmed.value) return;
    loading = true;
    import("./store/inbox").then(
      (store) => {
        store.watchUnread();
        inbox.value = store;
      },
      () => (loading = false),
    );
  });
}
