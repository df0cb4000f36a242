/** Files that documents name, and packing lists. */

import { type Act, act } from "./acts";
import { call, newKey } from "./client";
import type { components } from "./schema";
import { telling } from "./upload";

type Shapes = components["schemas"];

export type FileOut = Shapes["FileOut"];
export type Attachment = Shapes["AttachmentOut"];
export type PackingList = Shapes["PackingListOut"];
export type RefusedLine = Shapes["RefusedLine"];
export type Rows = Shapes["Rows"];

/** Ten megabytes over a bad connection. */
const PATIENCE = 180_000;

/** Where a file is read from. */
export const fileUrl = (id: string): string => `/api/v1/files/${id}`;

/**
 * Bringing the same bytes again changes nothing, so every try may have its own key.
 * @param progress hears the share that has gone. @throws ApiError
 */
export const bringFile = (bytes: Blob | Uint8Array<ArrayBuffer>, progress?: (share: number) => void): Promise<FileOut> =>
  call("/api/v1/files", { method: "POST", bytes, key: newKey(), timeout: PATIENCE, ...(progress && { by: telling(progress) }) });

/** The draft with the file beside it. @throws ApiError */
export async function attach(id: string, file: string, name: string): Promise<Act> {
  await call(`/api/v1/acts/${id}/attachments`, { method: "POST", body: { file_id: file, name: name.slice(0, 300) }, key: newKey() });
  return act(id);
}

/** @throws ApiError */
export async function detach(id: string, file: string): Promise<Act> {
  await call(`/api/v1/acts/${id}/attachments/${file}`, { method: "DELETE", key: newKey() });
  return act(id);
}

/** Codes that are there already are said to be: every try may have its own key. @throws ApiError */
export const readPackingList = (id: string, file: Blob): Promise<PackingList> =>
  call(`/api/v1/acts/${id}/packing-list`, { method: "POST", bytes: file, key: newKey(), timeout: PATIENCE });
