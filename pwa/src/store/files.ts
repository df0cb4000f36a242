/** Files on this device: photos and papers that documents name by their SHA-256, until the server has them. */

import { ApiError } from "../api/client";
import { ownOrganisation } from "./acts";
import { onDevice, surely } from "./db";
import { post } from "./outbox";

/** `id` is the SHA-256 of the bytes, hexadecimal: what a signed document says of the file. */
export interface KeptFile {
  id: string;
  owner: string;
  /** Media type, as the device made or chose it; the server judges by the bytes. */
  type: string;
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  at: number;
}

/** Resolves when the file is on the device for good. @throws ApiError device.not_saved */
export async function keepFile(bytes: Uint8Array<ArrayBuffer>, type: string, name: string): Promise<KeptFile> {
  const id = await sha256(bytes);
  const file = { id, owner: ownOrganisation(), type, name, bytes, at: Date.now() };
  try {
    await surely(async (db) => {
      const writing = db.transaction("files", "readwrite", { durability: "strict" });
      await Promise.all([writing.store.put(file), writing.done]);
    });
  } catch {
    throw new ApiError("device.not_saved", 0);
  }
  return file;
}

/** What is kept here under this hash for this organisation. */
export async function recallFile(id: string): Promise<KeptFile | undefined> {
  const kept = await onDevice((db) => db.get("files", id), undefined);
  return kept?.owner === ownOrganisation() ? kept : undefined;
}

/** Hands kept files to the outbox, before the step that names them: what has the same subject goes in order. */
export async function sendFiles(subject: string, ids: Iterable<string>): Promise<void> {
  await forgetUnused();
  for (const id of new Set(ids)) await post({ subject, kind: "file", path: "/api/v1/files", method: "POST", body: null, file: id });
}

/** Photos of a sheet that was closed, or of a decision that the server has, are kept no longer than this. */
const UNUSED = 86_400_000;

/** Takes away what nothing on this device names any more. */
export async function forgetUnused(now = Date.now()): Promise<void> {
  await onDevice(async (db) => {
    const [ids, operations, work] = await Promise.all([db.getAllKeys("files"), db.getAll("outbox"), db.getAll("actWork")]);
    const named = new Set(operations.map(({ file }) => file));
    for (const one of work) {
      if (!("remarks" in one)) continue;
      const { missing, lines, refused } = one.remarks;
      for (const { photos = [] } of [missing, ...Object.values(lines), ...Object.values(refused)]) for (const photo of photos) named.add(photo);
    }
    for (const id of ids.filter((one) => !named.has(one))) {
      const kept = await db.get("files", id);
      if (kept && now - kept.at > UNUSED) await db.delete("files", id);
    }
  }, undefined);
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
