/** Acts on this device: what the server last said of them, what they hold, and what was scanned for them. */

import { signal } from "@preact/signals";
import * as api from "../api/acts";
import type { Act, ActRow, ActState, Box, Put } from "../api/acts";
import { ApiError } from "../api/client";
import type { Remarks } from "../domain/act-decision";
import { contentsOf, forgetContents, haveContents } from "./contents";
import { onDevice, surely } from "./db";
import { onTaken } from "./outbox";
import { isAct, overtaken } from "./outbox-answers";
import { can, me } from "./session";

/** `owner` is the organisation that may see it; another one that signs in on this device is not shown it. */
export interface KeptAct {
  id: string;
  owner: string;
  at: number;
  act: Act;
}

export interface KeptList {
  id: string;
  at: number;
  acts: ActRow[];
  next: string | null;
}

/** Identification codes alone are kept, never tails. */
export interface KeptScan {
  seq: number;
  act: string;
  owner: string;
  code: string;
  at: number;
  /** What the server said to it, for an act that is being made. */
  answer: Put | null;
}

/** What was said of the lines of an act that is being received. `sample` is how many units are to be scanned, if not all. */
export interface KeptWork {
  id: string;
  remarks: Remarks;
  sample?: number | null;
}

/** What was typed of a draft and not saved, as its screen keeps it. */
export interface KeptTyped {
  id: string;
  typed: unknown;
}

/** Changes whenever an act on the device does; lists and open acts look again. */
export const actsVersion = signal(0);

export const ownOrganisation = (): string => me.value?.organisation.id ?? "";

onTaken("act", (_operation, answer) => {
  if (isAct(answer)) actsVersion.value += 1;
});

/**
 * Keeps what the server said, unless the device has learnt of something later meanwhile.
 * @param asked when the server was asked, if that is known: what was kept before then gives way in any case
 * @returns the later one of both
 */
export async function keepAct(act: Act, asked = 0): Promise<Act> {
  const kept = { id: act.id, owner: ownOrganisation(), at: Date.now(), act };
  const before = await onDevice(async (db) => {
    const writing = db.transaction("acts", "readwrite");
    const found = await writing.store.get(act.id);
    if (!overtaken(kept, found, asked)) await writing.store.put(kept);
    await writing.done;
    return found;
  }, undefined);
  if (before && overtaken(kept, before, asked)) return before.act;
  // Looking again every few seconds must not make every list load anew.
  if (before?.owner !== kept.owner || before.act.version !== act.version || before.act.state !== act.state) actsVersion.value += 1;
  return act;
}

/** What the server says of it now. @throws ApiError */
export async function readAct(id: string): Promise<Act> {
  const asked = Date.now();
  return keepAct(await api.act(id), asked);
}

/** What the server said last time; undefined where this organisation never saw it here. */
export async function recallAct(id: string): Promise<KeptAct | undefined> {
  const kept = await onDevice((db) => db.get("acts", id), undefined);
  return kept?.owner === ownOrganisation() ? kept : undefined;
}

/**
 * What the server says now. The receiver's first look is told to the sender.
 * @throws ApiError
 */
export async function fetchAct(id: string): Promise<Act> {
  const found = await readAct(id);
  if (found.state !== "sent" || !receives(found) || !can("acts:sign")) return found;
  try {
    return await keepAct(await api.viewAct(id));
  } catch (error) {
    // Decided or cancelled in this very moment: what was read still stands until the next look.
    if (!(error instanceof ApiError)) throw error;
    return found;
  }
}

export function receives({ ours }: ActRow): boolean {
  return ours === "receiver" || ours === "both";
}

export function sends({ ours }: ActRow): boolean {
  return ours === "sender" || ours === "both";
}

export async function forgetAct(id: string): Promise<void> {
  await onDevice(async (db) => {
    await Promise.all([db.delete("acts", id), db.delete("actWork", id)]);
  }, undefined);
  await forgetContents(id);
  await clearScans(id);
  actsVersion.value += 1;
}

/** Acts so large are loaded only when they are opened. */
const SMALL = 5_000;
const AHEAD = 5;

/**
 * Brings acts that wait for this organisation onto the device before anybody opens them, so that a cellar without network
 * is no surprise. The sender is not told that they were looked at, because nobody did.
 */
export async function keepForOffline(rows: readonly ActRow[]): Promise<void> {
  const waiting = rows.filter((row) => receives(row) && OPEN.has(row.state) && row.units <= SMALL).slice(0, AHEAD);
  try {
    for (const { id, changed_at: changed } of waiting) {
      const kept = (await recallAct(id))?.act;
      // One that was corrected since is brought again: signed without network over older papers it would be refused.
      const known = kept?.changed_at === changed ? kept : undefined;
      if (known && (await haveContents(known))) continue;
      const asked = Date.now();
      const act = known ?? (await api.act(id));
      await contentsOf(act, () => undefined);
      if (!known) await keepAct(act, asked);
    }
  } catch (error) {
    // Without network, or decided meanwhile: the act is loaded when it is opened.
    if (!(error instanceof ApiError)) throw error;
  }
}

const ALMATY = 5 * 3_600_000;
const OPEN: ReadonlySet<ActState> = new Set<ActState>(["sent", "viewed", "clarification"]);

/** The first page as it was last loaded, and when. */
export function recallList(box: Box, filter: string): Promise<KeptList | undefined> {
  return onDevice((db) => db.get("actLists", listId(box, filter)), undefined);
}

/** What was searched for is not kept. @throws ApiError */
export async function fetchList(box: Box, filter: string, states: readonly ActState[], cursor: string | null, sought = api.EVERYTHING): Promise<api.ActList> {
  const page = await api.acts(box, states, cursor, sought);
  const whole = cursor === null && !sought.text && !sought.from && !sought.to;
  if (whole) await onDevice((db) => db.put("actLists", { id: listId(box, filter), at: Date.now(), acts: page.acts, next: page.next }), "");
  return page;
}

/** Searches what the device has seen of its own lists, for places without network. */
export async function searchLists(box: Box, filters: readonly string[], states: readonly ActState[], { text, from, to }: api.Sought): Promise<ActRow[]> {
  const lists = await Promise.all(filters.map((filter) => recallList(box, filter)));
  const all = new Map(lists.flatMap((list) => list?.acts ?? []).map((row) => [row.id, row]));
  const wanted = text.toLocaleLowerCase();
  const says = (row: ActRow): boolean =>
    [row.sender, row.receiver].some(({ name, names, tax_number: tax }) =>
      tax?.startsWith(text) || [name, ...Object.values(names ?? {})].some((one) => one.toLocaleLowerCase().includes(wanted)),
    );
  const within = (day: string): boolean => (!from || day >= from) && (!to || day <= to);
  return [...all.values()]
    .filter((row) => within(dayOf(row)) && (states.length === 0 || states.includes(row.state)) && (row.number.toLocaleLowerCase().includes(wanted) || says(row)))
    .sort((one, other) => (one.id < other.id ? 1 : -1));
}

/** The day in Kazakhstan when an act was sent, else the one that it is meant for; as the server has it. */
function dayOf({ sent_at: sent, transfer_date: meant }: ActRow): string {
  return sent ? new Date(Date.parse(sent) + ALMATY).toISOString().slice(0, 10) : meant;
}

function listId(box: Box, filter: string): string {
  return `${ownOrganisation()}:${box}:${filter}`;
}

/** In the order of scanning. */
export async function scansOf(act: string): Promise<KeptScan[]> {
  const all = await onDevice((db) => db.getAllFromIndex("actScans", "act", act), []);
  return all.filter(({ owner }) => owner === ownOrganisation()).sort((one, other) => one.seq - other.seq);
}

/** Resolves when the scan is on the device. @throws ApiError device.not_saved */
export async function keepScan(act: string, code: string, answer: Put | null = null): Promise<KeptScan> {
  const scan = { act, owner: ownOrganisation(), code, at: Date.now(), answer };
  try {
    const seq = await surely((db) => db.add("actScans", scan as KeptScan));
    return { ...scan, seq };
  } catch {
    throw new ApiError("device.not_saved", 0);
  }
}

/** All of them or none, in their order. @throws ApiError device.not_saved */
export async function keepScans(act: string, codes: readonly string[]): Promise<void> {
  try {
    await surely(async (db) => {
      const writing = db.transaction("actScans", "readwrite");
      const scans = codes.map((code) => ({ act, owner: ownOrganisation(), code, at: Date.now(), answer: null }));
      await Promise.all([...scans.map((scan) => writing.store.add(scan as unknown as KeptScan)), writing.done]);
    });
  } catch {
    throw new ApiError("device.not_saved", 0);
  }
}

export async function keepAnswers(scans: readonly KeptScan[]): Promise<void> {
  await onDevice(async (db) => {
    const writing = db.transaction("actScans", "readwrite");
    await Promise.all([...scans.map((scan) => writing.store.put(scan)), writing.done]);
  }, undefined);
}

export async function dropScans(scans: readonly KeptScan[]): Promise<void> {
  await onDevice(async (db) => {
    const writing = db.transaction("actScans", "readwrite");
    await Promise.all([...scans.map(({ seq }) => writing.store.delete(seq)), writing.done]);
  }, undefined);
}

export async function clearScans(act: string): Promise<void> {
  await dropScans(await scansOf(act));
}

export async function recallWork(id: string): Promise<KeptWork | undefined> {
  const kept = await onDevice((db) => db.get("actWork", id), undefined);
  return kept && "remarks" in kept ? kept : undefined;
}

export async function keepWork(work: KeptWork): Promise<void> {
  await onDevice((db) => db.put("actWork", work), "");
}
