/** Outlines of the codes in sight, told apart by stroke and glyph and not by colour alone. */

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { type Size, toBox } from "./geometry";
import type { Mark } from "./live";
import { centre } from "./scan";
import css from "./scanner.module.css";

const GLYPHS: Record<Mark["tone"], string> = {
  ok: "M-7 0l5 5l9-10",
  duplicate: "M-7 -3h14 M-7 4h14",
  stop: "M-6 -6l12 12 M6 -6l-12 12",
  neutral: "",
  located: "M0 -7v8 M0 6v1",
};

const CLASSES: Record<Mark["tone"], string | undefined> = {
  ok: css.markOk,
  duplicate: css.markDuplicate,
  stop: css.markStop,
  neutral: css.markNeutral,
  located: css.markLocated,
};

interface OutlinesProps {
  marks: Signal<Mark[]>;
  video: Signal<Size>;
  box: Size;
}

export function Outlines({ marks, video, box }: OutlinesProps): JSX.Element | null {
  if (video.value.width === 0 || box.width === 0) return null;
  return (
    <svg class={css.outlines} viewBox={`0 0 ${box.width} ${box.height}`} aria-hidden="true">
      {marks.value.map((mark) => {
        const corners = mark.quad.map((point) => toBox(point, video.value, box));
        const middle = toBox(centre(mark.quad), video.value, box);
        return (
          <g key={mark.key} class={CLASSES[mark.tone]} data-tone={mark.tone}>
            <polygon points={corners.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
            {GLYPHS[mark.tone] && (
              <g transform={`translate(${middle.x.toFixed(1)} ${middle.y.toFixed(1)})`}>
                <circle r="14" />
                <path d={GLYPHS[mark.tone]} />
              </g>
            )}
          </g>
        );
      })}
    </svg>
  );
}
