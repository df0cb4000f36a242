/**
 * What an act holds, on this device: loaded in pages that are kept as they come, so that a large act survives a lost
 * network or a closed app and goes on where it stopped.
 */

import { type Act, MOST_UNITS, unitsOf } from "../api/acts";
import type { Unit } from "../domain/acts";
import { onDevice } from "./db";
import { me } from "./session";

/** How far the loading came: the pages in their order, and the cursor of the next one, null when all is here. */
export interface KeptContents {
  id: string;
  owner: string;
  /** Of the signed act that holds them: contents never change under the same one. */
  sha256: string;
  pages: string[];
  next: string | null;
}

/** A page, under the act, where it begins and how long it may be: what two tabs load at once is then the same. */
export interface KeptPage {
  id: string;
  units: Unit[];
}

type Progress = (count: number) => void;

interface Loading {
  units: Promise<Unit[]>;
  hear: Set<Progress>;
}

/** Milliseconds: pages that come sooner grow, those that come later shrink. */
const QUICK = 1_500;
const SLOW = 6_000;
const FIRST = 1_000;
const FEWEST = 250;

const loading = new Map<string, Loading>();

/**
 * Every unit of a sent act, from the device as far as it is there. Whoever asks while it is being loaded waits for the
 * same load; `progress` hears how many units are there.
 * @throws ApiError
 */
export function contentsOf(act: Act, progress: Progress): Promise<Unit[]> {
  const name = `${act.id} ${act.sha256 ?? ""}`;
  const known = loading.get(name);
  if (known) {
    known.hear.add(progress);
    return known.units;
  }
  const hear = new Set([progress]);
  const units = load(act, (count) => hear.forEach((one) => one(count))).finally(() => loading.delete(name));
  loading.set(name, { units, hear });
  return units;
}

/** Whether all of it is on the device. */
export async function haveContents(act: Act): Promise<boolean> {
  const kept = await onDevice((db) => db.get("actContents", act.id), undefined);
  return fits(kept, act) && kept.next === null && kept.pages.length > 0;
}

export async function forgetContents(id: string): Promise<void> {
  await onDevice((db) => db.delete("actContents", IDBKeyRange.bound(id, `${id}0`, false, true)), undefined);
}

async function load(act: Act, progress: Progress): Promise<Unit[]> {
  const chains = new Map<string, readonly string[]>();
  const { head, units } = await recall(act);
  let limit = FIRST;
  progress(units.length);
  while (head.next !== null || head.pages.length === 0) {
    const began = Date.now();
    const page = await unitsOf(act.id, limit, head.next);
    const fresh = page.units.map(({ code, card_id: card, packages }): Unit => ({ code, card, boxes: shared(chains, packages) }));
    const id = `${act.id}/${head.next ?? ""}/${limit}`;
    head.pages.push(id);
    head.next = page.next;
    for (const unit of fresh) units.push(unit);
    if (act.sha256) await keep({ id, units: fresh }, { ...head, pages: [...head.pages] });
    progress(units.length);
    const took = Date.now() - began;
    if (took < QUICK) limit = Math.min(MOST_UNITS, limit * 2);
    else if (took > SLOW) limit = Math.max(FEWEST, limit >> 1);
  }
  return units;
}

/** Units of one box share their packages, so that 50 000 units hold a thousand lists and not 50 000. */
function shared(chains: Map<string, readonly string[]>, packages: readonly string[]): readonly string[] {
  const innermost = packages[0] ?? "";
  const known = chains.get(innermost);
  if (known) return known;
  chains.set(innermost, packages);
  return packages;
}

async function recall(act: Act): Promise<{ head: KeptContents; units: Unit[] }> {
  const none = { head: { id: act.id, owner: owner(), sha256: act.sha256 ?? "", pages: [], next: null }, units: [] };
  const head = await onDevice((db) => db.get("actContents", act.id), undefined);
  if (!fits(head, act)) return none;
  const units: Unit[] = [];
  for (const id of head.pages) {
    const page = await onDevice((db) => db.get("actContents", id), undefined);
    if (!page || !("units" in page)) return none;
    for (const unit of page.units) units.push(unit);
  }
  return { head, units };
}

/** Whether these are the contents of the act as it was signed, and of whoever is signed in. */
function fits(kept: KeptContents | KeptPage | undefined, act: Act): kept is KeptContents {
  return kept !== undefined && "pages" in kept && kept.owner === owner() && kept.sha256 === act.sha256;
}

async function keep(page: KeptPage, head: KeptContents): Promise<void> {
  await onDevice(async (db) => {
    const writing = db.transaction("actContents", "readwrite");
    await Promise.all([writing.store.put(page), writing.store.put(head), writing.done]);
  }, undefined);
}

const owner = (): string => me.value?.organisation.id ?? "";
