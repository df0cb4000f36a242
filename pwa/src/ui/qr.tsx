/** A QR code of modules that the server laid out: black on a white field in every theme, because scanners expect that. */

import type { JSX } from "preact";
import css from "./qr.module.css";

/** The empty frame that ISO/IEC 18004 asks for, in modules. */
const QUIET = 4;

/** @param rows one string of "0" and "1" a row. */
export function Qr({ rows, label }: { rows: readonly string[]; label: string }): JSX.Element {
  const side = rows.length + 2 * QUIET;
  return (
    <svg class={css.qr} viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect class={css.field} width={side} height={side} />
      <path class={css.modules} d={drawn(rows)} />
    </svg>
  );
}

/** One rectangle for each run of dark modules in a row. */
export function drawn(rows: readonly string[]): string {
  return rows
    .flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`))
    .join("");
}
