/** One image to its symbols: the decoder's options and the order of attempts. Runs in the worker and in tests. */

import type { ReaderOptions, ReadResult } from "zxing-wasm/reader";
import type { Rescue } from "./ladder";
import { inverted, lightOf, type Light, lumaOf, type Pixels, pixelsOf, sharpened, smoothed } from "./luma";
import { centre, isMatrix, type Quad, type RawScan, sideOf } from "./scan";

export const MATRIX_FORMATS = ["DataMatrix", "QRCode", "MicroQRCode"] as const;
export const LINEAR_FORMATS = ["Code128", "EAN13", "EAN8", "UPCA", "UPCE", "ITF"] as const;

/** Decodes pixels; the worker passes zxing's own function. */
export type Engine = (image: Pixels, options: ReaderOptions) => Promise<ReadResult[]>;

export interface ReadingPlan {
  linear: boolean;
  /** Attempts after the plain one, in order, until nothing located stays unread. */
  rescues: readonly Rescue[];
}

export interface Reading {
  scans: Omit<RawScan, "source">[];
  light: Light;
}

/**
 * Rotation and the harder search stay on: without them up to four in five codes are lost. Inversion is an attempt of
 * its own (it doubles the time and no normal label needs it). Plain text keeps GS, which the default drops.
 */
export function readerOptions(linear: boolean): ReaderOptions {
  return {
    formats: linear ? [...MATRIX_FORMATS, ...LINEAR_FORMATS] : [...MATRIX_FORMATS],
    textMode: "Plain",
    tryHarder: true,
    tryRotate: true,
    tryInvert: false,
    tryDownscale: true,
    returnErrors: true,
    maxNumberOfSymbols: 64,
  };
}

/** Reads plainly first and goes up the ladder only while nothing was read or something located stayed unread. */
export async function readImage(
  image: Pixels,
  plan: ReadingPlan,
  engine: Engine,
  aborted: () => boolean = () => false,
): Promise<Reading> {
  const light = lightOf(image);
  let found = toScans(await engine(image, readerOptions(plan.linear)));
  if (plan.rescues.length > 0 && !complete(found)) {
    const luma = lumaOf(image);
    for (const rescue of plan.rescues) {
      if (aborted() || complete(found)) break;
      const plane = rescue === "smoothed" ? smoothed(luma) : rescue === "sharpened" ? sharpened(luma) : inverted(luma);
      found = merge(found, toScans(await engine(pixelsOf(plane), readerOptions(false))));
    }
  }
  return { scans: found, light };
}

type Found = Omit<RawScan, "source">;

function complete(found: readonly Found[]): boolean {
  return found.length > 0 && !found.some((scan) => scan.located);
}

function toScans(results: readonly ReadResult[]): Found[] {
  return results.flatMap((result): Found[] => {
    const { topLeft, topRight, bottomRight, bottomLeft } = result.position;
    const position: Quad = [topLeft, topRight, bottomRight, bottomLeft];
    if (!result.isValid) {
      // A failed checksum of a matrix code is a code that is there; other errors are noise that looked like one.
      if (!isMatrix(result.format) || !result.error.includes("Checksum") || sideOf(position) < 16) return [];
      return [{ text: "", symbology: null, format: result.format, position, located: true }];
    }
    return [
      {
        text: result.text,
        symbology: result.symbologyIdentifier || null,
        format: result.format,
        // The bytes are a view into the decoder's own memory: copy them out.
        bytes: result.bytes.slice(),
        position,
      },
    ];
  });
}

/** Joins two readings of one image; a code that was only located gives way to the same place read. */
export function merge(first: readonly Found[], second: readonly Found[]): Found[] {
  const all = [...first];
  for (const scan of second) {
    if (!scan.located && all.some((known) => !known.located && known.text === scan.text && near(known, scan))) continue;
    if (scan.located && all.some((known) => near(known, scan))) continue;
    all.push(scan);
  }
  const read = all.filter((scan) => !scan.located);
  return all.filter((scan) => !scan.located || !read.some((other) => near(other, scan)));
}

function near(one: Found, other: Found): boolean {
  if (!one.position || !other.position) return true;
  const a = centre(one.position);
  const b = centre(other.position);
  return Math.hypot(a.x - b.x, a.y - b.y) < Math.max(8, Math.max(sideOf(one.position), sideOf(other.position)) / 2);
}
