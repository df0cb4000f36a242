/**
 * The trust list and the withdrawn filters, kept for the day without network. Nothing is believed that the pinned root key
 * did not sign, and a list is never replaced by an older one.
 */

import { signal } from "@preact/signals";
import { fetchTrustList, fetchWithdrawn } from "../api/verification";
import type { TrustList } from "../domain/trust-list";
import { keep, kept, onDevice } from "./db";

/** Older than this, a list is renewed when there is a network. */
export const SOFT_AGE = 24 * 3600_000;
/** Older than this, a list says nothing any more. */
export const HARD_AGE = 7 * 24 * 3600_000;

/** Base64 of the root key, written into the page by the server and pinned with it in the offline cache. */
export function pinnedRoot(): string | null {
  const key = document.querySelector<HTMLMetaElement>('meta[name="tanba-root"]')?.content ?? "";
  return /^[A-Za-z0-9+/]{43}=$/.test(key) ? key : null;
}

/** When the list in use was issued; null while there is none. */
export const trustIssuedAt = signal<string | null>(null);

export type Signed = (list: TrustList, root: string) => Promise<boolean>;

export type Refused = "unsigned" | "older" | "expired";

/** Why `next` must not replace `current`; null when it may. */
export async function refusal(
  next: TrustList,
  current: TrustList | null,
  root: string,
  signed: Signed,
  now: number,
): Promise<Refused | null> {
  if (!(await signed(next, root))) return "unsigned";
  if (current && Date.parse(next.issued_at) < Date.parse(current.issued_at)) return "older";
  return Date.parse(next.expires_at) <= now ? "expired" : null;
}

/** False for a list that is past its date, past our own limit, or from a future that a wrong clock must not invent. */
export function usable(list: TrustList, now: number): boolean {
  const issued = Date.parse(list.issued_at);
  return now < Date.parse(list.expires_at) && now - issued < HARD_AGE && issued - now < SOFT_AGE;
}

async function signedBy(list: TrustList, root: string): Promise<boolean> {
  const { verifiedTrustList } = await import("../domain/trust-list");
  return (await verifiedTrustList(list, root)) !== null;
}

let checked: TrustList | null = null;

/** @returns the kept list, its signature checked once a visit because the disk is not trusted either. */
export async function trustList(): Promise<TrustList | null> {
  if (checked) return checked;
  const root = pinnedRoot();
  const list = await kept("trust");
  if (!root || !list || !(await signedBy(list, root))) return null;
  accept(list);
  return list;
}

function accept(list: TrustList): void {
  checked = list;
  trustIssuedAt.value = list.issued_at;
}

let running: Promise<void> | null = null;

/** Renews list and filters when they are older than a day, or at once with `force`. Quiet when there is no network. */
export function refreshTrust(force = false): Promise<void> {
  running ??= refresh(force).finally(() => {
    running = null;
  });
  return running;
}

async function refresh(force: boolean): Promise<void> {
  const root = pinnedRoot();
  if (!root) return;
  const current = await trustList();
  const age = current ? Date.now() - Date.parse(current.issued_at) : Infinity;
  if (force || age > SOFT_AGE || age < 0) {
    const next = await fetchTrustList();
    if ((await refusal(next, current, root, signedBy, Date.now())) === null) {
      await keep("trust", next);
      accept(next);
    }
  }
  if (checked) await fetchFilters(checked);
}

/** The filters that the list names, each only with the hash that the signed list gives it. */
async function fetchFilters(list: TrustList): Promise<void> {
  const wanted = new Set(list.withdrawn.map((entry) => entry.sha256));
  const have = new Set(await onDevice((db) => db.getAllKeys("filters"), []));
  for (const entry of list.withdrawn) {
    if (have.has(entry.sha256)) continue;
    const bytes = await fetchWithdrawn(entry);
    if ((await sha256(bytes)) === entry.sha256) await onDevice((db) => db.put("filters", bytes, entry.sha256), "");
  }
  const old = [...have].filter((hash) => !wanted.has(hash));
  await onDevice((db) => Promise.all(old.map((hash) => db.delete("filters", hash))), []);
}

/** Bytes of a kept filter, null when it is missing; whoever reads them checks the hash again. */
export async function withdrawnFilter(hash: string): Promise<Uint8Array<ArrayBuffer> | null> {
  return (await onDevice((db) => db.get("filters", hash), undefined)) ?? null;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
