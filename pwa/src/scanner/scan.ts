/** What every way of scanning hands on: the raw content of one code, before anyone judged it. */

export interface Point {
  x: number;
  y: number;
}

/** Corners of a symbol in pixels of its image: top left, top right, bottom right, bottom left of the symbol itself. */
export type Quad = readonly [Point, Point, Point, Point];

export type ScanSource = "camera" | "photo" | "manual" | "wedge" | "link";

export interface RawScan {
  /** Content with GS as U+001D, without symbology identifier; empty when the code was only located. */
  text: string;
  /** ISO/IEC 15424 identifier such as "]d2" (GS1 Data Matrix); null where nobody can know it (typed, wedge). */
  symbology: string | null;
  source: ScanSource;
  /** Symbology by name ("DataMatrix", "QRCode", "EAN13" …); empty for typed text. */
  format: string;
  bytes?: Uint8Array;
  position?: Quad;
  /** True: the symbol is there, but damaged, covered or too small to be read. */
  located?: boolean;
}

/** How a scan is answered: drawn and sounded apart, so that none depends on colour or hearing alone. */
export type ScanTone = "ok" | "duplicate" | "stop" | "neutral";

const MATRIX = new Set(["DataMatrix", "QRCode", "QRCodeModel1", "QRCodeModel2", "MicroQRCode", "RMQRCode"]);

/** Two-dimensional symbols carry error correction; linear ones carry one check digit and need a second look. */
export function isMatrix(format: string): boolean {
  return MATRIX.has(format);
}

/** Identity of a scan: two symbologies with the same text are two codes. */
export function scanKey(scan: RawScan): string {
  return `${scan.symbology ?? ""}|${scan.text}`;
}

export function centre(quad: Quad): Point {
  return {
    x: (quad[0].x + quad[1].x + quad[2].x + quad[3].x) / 4,
    y: (quad[0].y + quad[1].y + quad[2].y + quad[3].y) / 4,
  };
}

/** Longest side of the symbol in pixels. */
export function sideOf(quad: Quad): number {
  let longest = 0;
  for (let i = 0; i < 4; i += 1) {
    const from = quad[i] as Point;
    const to = quad[(i + 1) % 4] as Point;
    longest = Math.max(longest, Math.hypot(to.x - from.x, to.y - from.y));
  }
  return longest;
}
