/** The number on the cabinet: what waits unread. Its store is loaded once the page stands, for the signed-in alone. */

import { computed, signal } from "@preact/signals";
import { signedIn } from "./store/session";

const waiting = signal(0);

export const unread = computed(() => (signedIn.value ? waiting.value : 0));
