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

export async function forgetFile(id: string): Promise<void> {
  await onDevice((db) => db.delete("files", id), undefined);
}

/** Hands kept files to the outbox, before the step that names them: what has the same subject goes in order. */
export async function sendFiles(subject: string, ids: Iterable<string>): Promise<void> {
  for (const id of new Set(ids)) await post({ subject, kind: "file", path: "/api/v1/files", method: "POST", body: null, file: id });
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
