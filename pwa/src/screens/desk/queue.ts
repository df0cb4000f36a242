/** The queue as the desk shows it, and the application that is open beside it. */

import { signal } from "@preact/signals";
import { type DeskApplication, type DeskPage, type DeskRow, type DeskState, registration, registrations } from "../../api/desk";

export const state = signal<DeskState>("submitted");
export const queue = signal<DeskPage | null>(null);
export const opened = signal<DeskApplication | null>(null);
/** What was decided last, to be said once. */
export const decided = signal<{ names: DeskRow["names"]; outcome: "approved" | "refused" } | null>(null);

/** @throws ApiError */
export async function loadQueue(): Promise<void> {
  const asked = state.value;
  const page = await registrations(asked);
  if (asked === state.value) queue.value = page;
}

/** @throws ApiError */
export async function loadMore(): Promise<void> {
  const shown = queue.value;
  if (!shown?.cursor) return;
  const next = await registrations(state.value, shown.cursor);
  queue.value = { ...next, registrations: [...shown.registrations, ...next.registrations] };
}

/** @throws ApiError */
export async function open(id: string): Promise<void> {
  if (opened.value?.id !== id) opened.value = null;
  opened.value = await registration(id);
}

export function choose(wanted: DeskState): void {
  if (state.value !== wanted) queue.value = null;
  state.value = wanted;
}

/** Which application comes after this one in the queue; null when it was the last. */
export function after(id: string): string | null {
  const rows = queue.value?.registrations ?? [];
  const place = rows.findIndex((row) => row.id === id);
  return (rows[place + 1] ?? rows[place - 1])?.id ?? null;
}
