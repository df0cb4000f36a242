/** Photos as they leave the camera made fit for a document: small, upright, and without a word of where and when. */

import { ApiError } from "../api/client";
import { type KeptFile, keepFile } from "./files";

/** Pixels of the longer side: a torn seam is still seen, and a photo of it crosses a cellar's network. */
export const LONGEST = 1600;
const QUALITY = 0.82;
export const PICTURE = "image/jpeg";

/** Keeps a photo on the device. @throws ApiError files.not_a_picture, device.not_saved */
export async function keepPhoto(file: Blob, name: string): Promise<KeptFile> {
  const small = await shrink(file, LONGEST);
  if (!small) throw new ApiError("files.not_a_picture", 0);
  return keepFile(new Uint8Array(await small.arrayBuffer()), PICTURE, name);
}

/**
 * Drawn anew, so that nothing is left of what the camera wrote beside the picture.
 * @returns null for what this browser cannot open as a picture, whatever its name says.
 */
export async function shrink(file: Blob, longest: number): Promise<Blob | null> {
  const picture = await opened(file);
  if (!picture) return null;
  const { width, height } = fitted(picture.width, picture.height, longest);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const drawing = canvas.getContext("2d");
  if (!drawing) return null;
  // Where a picture is transparent JPEG would be black.
  drawing.fillStyle = "#fff";
  drawing.fillRect(0, 0, width, height);
  drawing.imageSmoothingQuality = "high";
  drawing.drawImage(picture.source, 0, 0, width, height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, PICTURE, QUALITY));
}

/** The same shape, no side longer than `longest`, and never larger than it was. */
export function fitted(width: number, height: number, longest: number): { width: number; height: number } {
  const factor = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

interface Opened {
  source: ImageBitmap | HTMLImageElement;
  width: number;
  height: number;
  close(): void;
}

/** The browser turns the picture as the camera was held. Some open as an element what they do not open as a bitmap. */
async function opened(file: Blob): Promise<Opened | null> {
  try {
    const source = await createImageBitmap(file, { imageOrientation: "from-image" });
    return { source, width: source.width, height: source.height, close: () => source.close() };
  } catch {
    const url = URL.createObjectURL(file);
    const source = new Image();
    source.src = url;
    try {
      await source.decode();
      return { source, width: source.naturalWidth, height: source.naturalHeight, close: () => URL.revokeObjectURL(url) };
    } catch {
      URL.revokeObjectURL(url);
      return null;
    }
  }
}
