/** Codes of a photo: read on the device first, on the server only when the device could not read everything. */

import { decode } from "./decoder";
import { merge } from "./reading";
import type { RawScan } from "./scan";
import { askServer } from "./server";

/** Canvas memory of phones ends near here, and so does what the server takes. */
const MOST_PIXELS = 16_000_000;
const MOST_BYTES = 15_000_000;
const TILES = 3;
const TILE_OVERLAP = 0.25;

export class PhotoUnreadable extends Error {
  override name = "PhotoUnreadable";
}

export interface PhotoOptions {
  signal?: AbortSignal;
  /** Told when the photo leaves the device. */
  onServer?: () => void;
  /** Second opinion; tests give a fake. */
  server?: (image: Blob, signal?: AbortSignal) => Promise<RawScan[]>;
}

/**
 * All codes of an image file, codes that were only located last with `located: true`.
 *
 * @throws PhotoUnreadable when neither the browser nor the server can open the file. Being offline is no error: the
 *   answer then is what the device found.
 */
export async function readPhoto(file: Blob, options: PhotoOptions = {}): Promise<RawScan[]> {
  const { signal, onServer, server = askServer } = options;
  const picture = await open(file);
  const local = picture ? await readLocally(picture, signal) : [];
  const done = local.length > 0 && !local.some((scan) => scan.located);
  if (done) {
    picture?.close();
    return local;
  }
  try {
    const upload = picture ? await sized(file, picture) : file;
    onServer?.();
    return ordered(merge(local, await server(upload, signal)) as RawScan[]);
  } catch (error) {
    if (signal?.aborted) throw error;
    if (!picture) throw new PhotoUnreadable(String(error));
    return ordered(local);
  } finally {
    picture?.close();
  }
}

function ordered(scans: RawScan[]): RawScan[] {
  return [...scans].sort((a, b) => Number(a.located ?? false) - Number(b.located ?? false));
}

async function open(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    // HEIC on Android, a damaged file: the server may know more.
    return null;
  }
}

/** Full size with every rescue, then half size, then overlapping tiles of big photos, until something is read. */
async function readLocally(picture: ImageBitmap, signal?: AbortSignal): Promise<RawScan[]> {
  const { width, height } = picture;
  const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
  const whole = await createImageBitmap(picture, scaled(width * shrink, height * shrink));
  let found = await decode(whole, { rescues: ["smoothed", "sharpened", "inverted"], signal });
  if (read(found)) return found;
  const factors = width * height < 1_200_000 ? [0.5, 2] : [0.5, 0.75];
  for (const factor of factors) {
    const other = await createImageBitmap(picture, scaled(width * shrink * factor, height * shrink * factor));
    found = join(found, await decode(other, { rescues: factor === 0.5 ? ["sharpened"] : [], signal }), factor);
    if (read(found)) return found;
  }
  if (width * height >= 4_000_000) {
    for (const { x, y, w, h } of tiles(width, height)) {
      const tile = await createImageBitmap(picture, x, y, w, h);
      const there = await decode(tile, { rescues: ["smoothed"], signal });
      found = [...found, ...there.filter((scan) => !scan.located).map((scan) => ({ ...scan, position: undefined }))];
    }
  }
  return found;
}

function read(found: readonly RawScan[]): boolean {
  return found.some((scan) => !scan.located);
}

function scaled(width: number, height: number): ImageBitmapOptions {
  return {
    resizeWidth: Math.max(1, Math.round(width)),
    resizeHeight: Math.max(1, Math.round(height)),
    resizeQuality: "high",
  };
}

/** Positions of a scaled reading brought back to the scale of the first. */
function join(first: RawScan[], second: RawScan[], factor: number): RawScan[] {
  const back = second.map((scan) => {
    if (!scan.position) return scan;
    const [a, b, c, d] = scan.position;
    const at = (p: { x: number; y: number }): { x: number; y: number } => ({ x: p.x / factor, y: p.y / factor });
    return { ...scan, position: [at(a), at(b), at(c), at(d)] as const };
  });
  return merge(first, back) as RawScan[];
}

interface Tile {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** @returns 3 × 3 tiles that overlap by a quarter, so that no label is cut in all of them. */
export function tiles(width: number, height: number): Tile[] {
  const w = Math.ceil((width / TILES) * (1 + TILE_OVERLAP));
  const h = Math.ceil((height / TILES) * (1 + TILE_OVERLAP));
  const all: Tile[] = [];
  for (let row = 0; row < TILES; row += 1) {
    for (let column = 0; column < TILES; column += 1) {
      const x = Math.round(((width - w) * column) / (TILES - 1));
      const y = Math.round(((height - h) * row) / (TILES - 1));
      all.push({ x, y, w, h });
    }
  }
  return all;
}

/** What to upload: the original where the server takes it, else as large as it takes. */
async function sized(file: Blob, picture: ImageBitmap): Promise<Blob> {
  const size = uploadSize(picture.width, picture.height, file.size);
  if (!size) return file;
  const canvas = document.createElement("canvas");
  canvas.width = size.width;
  canvas.height = size.height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0, size.width, size.height);
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  return small ?? file;
}

/**
 * As large as the server takes, never a thumbnail: small codes of a 12 MP photo are gone below 2560 px.
 *
 * @returns null when the original may go as it is; a heavy file of few pixels (PNG) only changes its format.
 */
export function uploadSize(width: number, height: number, bytes: number): { width: number; height: number } | null {
  if (width * height <= MOST_PIXELS && bytes <= MOST_BYTES) return null;
  const factor = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
  return { width: Math.floor(width * factor), height: Math.floor(height * factor) };
}
