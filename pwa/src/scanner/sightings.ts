/** Which codes of a frame are news: confirmation of weak reads, and one report per code instead of twenty a second. */

import { isMatrix, type RawScan, scanKey } from "./scan";

export type Sighting = "new" | "again" | "known" | "unsure";

/** Single mode: a code is news again after it was out of sight this long. */
export const FORGET = 3000;
/** Bulk mode: a known code that comes back after this long is said to be a repeat. */
export const AWAY = 1000;
/** Two reads confirm each other only when they are this close in time. */
const CONFIRM_WITHIN = 1500;
/** Single mode: a label carries an EAN beside the mark; what is no mark waits this long for one to be read first. */
export const PATIENCE = 600;

/**
 * @param bulk one set for the whole document: a code is new once and "again" when it returns; otherwise codes are
 *   forgotten.
 * @param proven whether the content proves itself a mark (AI syntax and check digit): such a matrix code needs no
 *   second look.
 */
export class Sightings {
  private readonly seen = new Map<string, number>();
  private readonly maybe = new Map<string, { first: number; last: number }>();

  constructor(
    private readonly bulk: boolean,
    private readonly proven: (scan: RawScan) => boolean,
  ) {}

  /** "known" is a code still (or just) in sight: nothing to report. */
  see(scan: RawScan, now: number): Sighting {
    const key = scanKey(scan);
    const last = this.seen.get(key);
    if (last !== undefined) {
      this.seen.set(key, now);
      if (this.bulk) return now - last > AWAY ? "again" : "known";
      if (now - last < FORGET) return "known";
      this.seen.delete(key);
    }
    if (!this.believed(scan, key, now)) return "unsure";
    this.maybe.delete(key);
    this.seen.set(key, now);
    return "new";
  }

  private believed(scan: RawScan, key: string, now: number): boolean {
    const proven = this.proven(scan);
    if (proven && isMatrix(scan.format)) return true;
    const before = this.maybe.get(key);
    if (!before || now - before.last > CONFIRM_WITHIN) {
      this.maybe.set(key, { first: now, last: now });
      return false;
    }
    before.last = now;
    return proven || this.bulk || now - before.first >= PATIENCE;
  }

  /** Whether some code waits for its second look. */
  unconfirmed(now: number): boolean {
    for (const [key, { last }] of this.maybe) {
      if (now - last > CONFIRM_WITHIN) this.maybe.delete(key);
    }
    return this.maybe.size > 0;
  }

  /** The code was taken back (undo): its next sight is news. */
  forget(scan: RawScan): void {
    this.seen.delete(scanKey(scan));
  }
}
