import { signal } from "@preact/signals";
import { loadAllWords } from "../../i18n";

/** The screens of answers, once they and their words are here. */
export const views = signal<typeof import("./views") | null>(null);

/** Fetches them after the first paint; a failed fetch is tried again by the next call. */
export async function loadViews(): Promise<void> {
  if (views.value) return;
  const [loaded] = await Promise.all([import("./views"), loadAllWords()]).catch(() => [null]);
  views.value = loaded;
}
