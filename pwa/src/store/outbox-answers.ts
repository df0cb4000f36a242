/**
 * What the server's answer to a step changes on this device, whoever sent it: a tab, or the service worker while none is
 * open. Free of signals for its sake.
 */

import type { Act } from "../api/acts";
import type { KeptAct } from "./acts";
import { surely } from "./db";
import type { Operation } from "./outbox-sending";

/** Keeps the act as the answer shows it; what was scanned and said for a decision is over with it. @throws where the device fails */
export async function keepAnswer({ kind, owner: by }: Operation, answer: unknown): Promise<void> {
  if (!isAct(answer)) return;
  const { id } = answer;
  const owner = by.split(":")[1] ?? "";
  await surely(async (db) => {
    const writing = db.transaction(["acts", "actScans", "actWork"], "readwrite");
    const acts = writing.objectStore("acts");
    const kept = { id, owner, at: Date.now(), act: answer };
    const changes: Promise<unknown>[] = overtaken(kept, await acts.get(id), 0) ? [] : [acts.put(kept)];
    if (kind === "decide") {
      const scans = writing.objectStore("actScans");
      changes.push(writing.objectStore("actWork").delete(id));
      for (const one of await scans.index("act").getAll(id)) if (one.owner === owner) changes.push(scans.delete(one.seq));
    }
    await Promise.all([...changes, writing.done]);
  });
}

/** Answers come in any order: does the device know, since the server was `asked`, of a later version than this one? */
export function overtaken(one: KeptAct, kept: KeptAct | undefined, asked: number): boolean {
  return kept !== undefined && kept.owner === one.owner && kept.at >= asked && kept.act.version > one.act.version;
}

export function isAct(answer: unknown): answer is Act {
  return typeof answer === "object" && answer !== null && "id" in answer && "state" in answer && "lines" in answer;
}
