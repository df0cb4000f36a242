/** The device's own database: tables and their numbered upgrades, which are never edited once released. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Group, Question } from "../api/verification";
import type { TrustList } from "../domain/trust-list";
import type { KeptAct, KeptList, KeptScan, KeptTyped, KeptWork } from "./acts";
import type { KeptContents, KeptPage } from "./contents";
import type { Begun } from "./drafts";
import type { KeptFile } from "./files";
import type { Check } from "./history";
import type { KeptCode } from "./meeting";
import type { Operation } from "./outbox";
import type { KeptStock } from "./stock";

interface Kept {
  trust: TrustList;
  groups: Group[];
  meeting: KeptCode;
  /** Tells this database from one that was made in its place. */
  mark: string;
}

export interface Recheck {
  /** The history entry that waits for the answer. */
  id: string;
  at: number;
  question: Question;
}

export interface Tables extends DBSchema {
  /** Single things under a name. */
  kept: { key: keyof Kept; value: Kept[keyof Kept] };
  /** Withdrawn filters by their SHA-256, hexadecimal. */
  filters: { key: string; value: Uint8Array<ArrayBuffer> };
  /** History of own checks. */
  checks: { key: string; value: Check; indexes: { at: number } };
  /** Checks made offline, oldest first, until the server has judged them. */
  rechecks: { key: string; value: Recheck; indexes: { at: number } };
  /** What the person did and the server has not confirmed, in the order of doing. */
  outbox: { key: number; value: Operation };
  /** Acts as the server last showed them. */
  acts: { key: string; value: KeptAct };
  /** What the acts hold, so that they can be received without network. */
  actContents: { key: string; value: KeptContents | KeptPage };
  /** Lists of acts as they were last loaded. */
  actLists: { key: string; value: KeptList };
  /** Scans that belong to an act, in their order. */
  actScans: { key: number; value: KeptScan; indexes: { act: string } };
  /** What was said about the lines of an act that is being received. */
  actWork: { key: string; value: KeptWork | KeptTyped };
  /** An act that was begun on this device and that the server does not have yet, by organisation. */
  actDrafts: { key: string; value: Begun };
  /** Files that documents name, until the server has them and nothing here needs them. */
  files: { key: string; value: KeptFile };
  /** What the server last said of stock, and what was scanned for a package. */
  stock: { key: string; value: KeptStock; indexes: { at: number } };
}

export type Database = IDBPDatabase<Tables>;

const UPGRADES: readonly ((db: Database) => void)[] = [
  (db) => {
    db.createObjectStore("kept");
    db.createObjectStore("filters");
    db.createObjectStore("checks", { keyPath: "id" }).createIndex("at", "at");
    db.createObjectStore("rechecks", { keyPath: "id" }).createIndex("at", "at");
  },
  (db) => {
    db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
    db.createObjectStore("acts", { keyPath: "id" });
    db.createObjectStore("actContents", { keyPath: "id" });
    db.createObjectStore("actLists", { keyPath: "id" });
    db.createObjectStore("actScans", { keyPath: "seq", autoIncrement: true }).createIndex("act", "act");
    db.createObjectStore("actWork", { keyPath: "id" });
    db.createObjectStore("actDrafts", { keyPath: "owner" });
  },
  (db) => {
    db.createObjectStore("files", { keyPath: "id" });
  },
  (db) => {
    db.createObjectStore("stock", { keyPath: "id" }).createIndex("at", "at");
  },
];

let opening: Promise<Database> | null = null;

function open(): Promise<Database> {
  return openDB<Tables>("tanba", UPGRADES.length, {
    upgrade(db, from) {
      for (const upgrade of UPGRADES.slice(from)) upgrade(db);
    },
    // Another tab brings a newer version: let it, and open again when next asked.
    blocking(_from, _to, event) {
      (event.target as IDBDatabase).close();
      opening = null;
    },
    terminated() {
      opening = null;
    },
  });
}

/**
 * Runs `work` on the database; where the browser allows none (private windows, a full disk) or it fails, answers
 * `otherwise`: checking a code must never depend on storage.
 */
export async function onDevice<T>(work: (db: Database) => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await surely(work);
  } catch {
    return otherwise;
  }
}

/** Runs `work` on the database; fails where the browser allows none: what must not be lost must not seem saved. */
export async function surely<T>(work: (db: Database) => Promise<T>): Promise<T> {
  try {
    opening ??= open();
    return await work(await opening);
  } catch (error) {
    opening = null;
    throw error;
  }
}

export async function keep<Name extends keyof Kept>(name: Name, value: Kept[Name]): Promise<void> {
  await onDevice((db) => db.put("kept", value, name), name);
}

export async function kept<Name extends keyof Kept>(name: Name): Promise<Kept[Name] | undefined> {
  return (await onDevice((db) => db.get("kept", name), undefined)) as Kept[Name] | undefined;
}
