/** Which rows of a long list are in sight. */

export interface Sight {
  /** First row that is drawn, and the one behind the last. */
  from: number;
  to: number;
}

/** Rows drawn beyond either edge, so that a quick thumb and the Tab key meet rows and not emptiness. */
const SPARE = 12;
/** The range moves in steps, so that not every pixel of scrolling draws anew. */
const STEP = 6;

/**
 * @param top pixels of the list that lie above the window's upper edge; negative while the list begins below it.
 * @param view height of the window, @param row of one row, in pixels; @param count of all rows.
 */
export function sight(top: number, view: number, row: number, count: number): Sight {
  if (row <= 0 || count <= 0) return { from: 0, to: Math.min(count, 2 * SPARE) };
  const first = Math.floor(top / row) - SPARE;
  const last = Math.ceil((top + view) / row) + SPARE;
  const from = Math.min(Math.max(0, Math.floor(first / STEP) * STEP), Math.max(0, count - 1));
  return { from, to: Math.max(Math.min(count, Math.ceil(last / STEP) * STEP), Math.min(count, from + 1)) };
}
