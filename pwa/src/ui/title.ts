/** What the window is called: the heading of the page that is shown, or nothing for the app itself. */

import { signal } from "@preact/signals";

export const pageTitle = signal("");
