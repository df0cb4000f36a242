/** Drawings of the three kinds of code, enough to know them apart; none of them can be scanned. */

import type { JSX } from "preact";
import { t } from "../../i18n";
import css from "./help.module.css";

const SIDE = 14;

/** A fixed scatter: the same drawing on every visit. */
function dark(x: number, y: number): boolean {
  return ((x * 7 + y * 11 + x * y * 5 + ((x * x) ^ (y * 3))) % 5) < 2;
}

function squares(cells: (x: number, y: number) => boolean, side: number): string {
  let path = "";
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) if (cells(x, y)) path += `M${x} ${y}h1v1h-1z`;
  }
  return path;
}

const MATRIX = squares((x, y) => {
  if (x === 0 || y === SIDE - 1) return true;
  if (y === 0) return x % 2 === 0;
  if (x === SIDE - 1) return y % 2 === 1;
  return dark(x, y);
}, SIDE);

const QR = squares((x, y) => {
  for (const [left, top] of [[0, 0], [10, 0], [0, 10]] as const) {
    const dx = x - left;
    const dy = y - top;
    if (dx >= -1 && dx <= 7 && dy >= -1 && dy <= 7) {
      const ring = Math.max(Math.abs(dx - 3), Math.abs(dy - 3));
      return ring === 3 || ring <= 1;
    }
  }
  return dark(x + 3, y);
}, 17);

const BARS = [0, 2, 5, 6, 9, 12, 13, 16, 18, 21, 24, 25, 28, 30];

export function DataMatrixFigure(): JSX.Element {
  return (
    <figure class={css.figure} data-good="true">
      <svg viewBox={`-2 -2 ${SIDE + 4} ${SIDE + 4}`} class={css.symbol} aria-hidden="true">
        <path d={MATRIX} shape-rendering="crispEdges" />
        <path class={css.corner} d={`M-1 -1v${SIDE + 2}h${SIDE + 2}`} />
      </svg>
      <figcaption>
        <span aria-hidden="true">✓ </span>
        {t("help.fig_code")}
      </figcaption>
    </figure>
  );
}

export function QrFigure(): JSX.Element {
  return (
    <figure class={css.figure} data-good="true">
      <svg viewBox="-2 -2 21 21" class={css.symbol} aria-hidden="true">
        <path d={QR} shape-rendering="crispEdges" />
      </svg>
      <figcaption>
        <span aria-hidden="true">✓ </span>
        {t("help.fig_qr")}
      </figcaption>
    </figure>
  );
}

export function BarcodeFigure(): JSX.Element {
  return (
    <figure class={css.figure}>
      <svg viewBox="-2 -6 36 32" class={css.symbol} aria-hidden="true">
        <path d={BARS.map((x, at) => `M${x} 0h${at % 3 === 1 ? 2 : 1}v20h-${at % 3 === 1 ? 2 : 1}z`).join("")} />
      </svg>
      <figcaption>
        <span aria-hidden="true">✕ </span>
        {t("help.fig_barcode")}
      </figcaption>
    </figure>
  );
}
