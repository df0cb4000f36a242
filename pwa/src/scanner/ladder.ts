/** Which extra attempt a frame of the live camera gets when its plain reading left something unread. */

export type Rescue = "smoothed" | "sharpened" | "inverted";

/**
 * Every frame is read plainly; every 6th may be tried smoothed, every 6th sharpened, every 12th inverted. They take
 * different frames, so that no single frame holds the worker for long.
 *
 * @param frame number of the frame since scanning began, from 0.
 */
export function rescueFor(frame: number): Rescue | null {
  if (frame % 6 === 1) return "smoothed";
  if (frame % 6 === 3) return "sharpened";
  if (frame % 12 === 5) return "inverted";
  return null;
}

/**
 * Linear codes (EAN, GS1-128) are looked for in every second frame: they cost as much as all matrix codes together,
 * and the mark itself is never linear. A linear code seen once is looked for again at once, to be confirmed.
 */
export function linearIn(frame: number, unconfirmed: boolean): boolean {
  return unconfirmed || frame % 2 === 1;
}
