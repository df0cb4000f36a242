/**
 * What the server's answer to a step changes on this device, whoever sent it: a tab, or the service worker while none is
 * open. Free of signals for its sake.
 */

import type { Act } from "../api/acts";
import { surely } from "./db";
import type { Operation } from "./outbox-sending";

/** Keeps the act as the answer shows it; what was scanned and said for a decision is over with it. @throws where the device fails */
export async function keepAnswer({ kind, owner: by }: Operation, answer: unknown): Promise<void> {
  if (!isAct(answer)) return;
  const { id } = answer;
  const owner = by.split(":")[1] ?? "";
  await surely(async (db) => {
    const writing = db.transaction(["acts", "actScans", "actWork"], "readwrite");
    const changes: Promise<unknown>[] = [writing.objectStore("acts").put({ id, owner, at: Date.now(), act: answer })];
    if (kind === "decide") {
      const scans = writing.objectStore("actScans");
      changes.push(writing.objectStore("actWork").delete(id));
      for (const one of await scans.index("act").getAll(id)) if (one.owner === owner) changes.push(scans.delete(one.seq));
    }
    await Promise.all([...changes, writing.done]);
  });
}

export function isAct(answer: unknown): answer is Act {
  return typeof answer === "object" && answer !== null && "id" in answer && "state" in answer && "lines" in answer;
}
