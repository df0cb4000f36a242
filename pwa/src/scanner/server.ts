/** A second opinion on a photo: the server has more time and more ways to look. */

import { call } from "../api/client";
import type { RawScan } from "./scan";

interface Decoded {
  codes: { format: string; symbology: string; text: string; bytes: string }[];
}

/** Longer than other calls: the photo has to go up first, from a cellar. */
const PATIENCE = 60_000;

/**
 * The codes that the server reads in a JPEG, PNG or WebP of at most 15 MB and 16 megapixels. Without positions: the
 * server counts pixels of the stored picture, the browser those of the turned one.
 *
 * @throws ApiError
 */
export async function askServer(image: Blob, signal?: AbortSignal): Promise<RawScan[]> {
  const form = new FormData();
  form.append("image", image, "photo");
  const { codes } = await call<Decoded>("/api/v1/decode", { method: "POST", form, timeout: PATIENCE, signal });
  return codes.map(({ format, symbology, text, bytes }) => ({
    text,
    symbology: symbology || null,
    source: "photo",
    format,
    bytes: Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)),
  }));
}
