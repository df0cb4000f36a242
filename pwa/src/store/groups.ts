/** Product groups: names of attributes and the shapes of codes; the last known ones serve without network. */

import { signal } from "@preact/signals";
import { fetchGroups, type Group } from "../api/verification";
import { type Template, toTemplate } from "../domain/mark";
import { keep, kept } from "./db";

export const groups = signal<readonly Group[]>([]);

/** Shows what the device has, then what the server says. */
export async function loadGroups(): Promise<void> {
  const stored = await kept("groups");
  if (stored && groups.value.length === 0) groups.value = stored;
  try {
    const fresh = await fetchGroups();
    groups.value = fresh;
    await keep("groups", fresh);
  } catch {
    // Without network the stored ones stand; the verdict then names attributes it knows.
  }
}

export function templates(): Template[] {
  return groups.value.flatMap(({ template }) => (template ? [toTemplate(template)] : []));
}
