/** Our own signs: thick, square-capped strokes like carved tamgas. None is taken from a real clan. */

import type { JSX } from "preact";
import type { CABINET_ICONS } from "./cabinet-icons";

/** The house mark: the solid corner that every Data Matrix begins with, holding a T. */
export function Tamga({ class: name }: { class?: string | undefined }): JSX.Element {
  return (
    <svg class={name} viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="6" aria-hidden="true">
      <path d="M8 4v36h36" />
      <path d="M19 11h25M31.500 11v19" />
    </svg>
  );
}

const ICONS = {
  scan: "M3 8V3h5M16 3h5v5M21 16v5h-5M8 21H3v-5M7 12h10",
  history: "M4 5v5h5M4.500 9.500A8.500 8.500 0 1 1 4 14M12 8v5l3.500 2",
  help: "M8.500 9a3.500 3.500 0 1 1 5 3.200c-1 .6-1.500 1.100-1.500 2.300M12 17.500v1.500M12 2.500a9.500 9.500 0 1 1 0 19 9.500 9.500 0 0 1 0-19z",
  close: "M5 5l14 14M19 5L5 19",
  copy: "M8 8h12v12H8zM16 8V4H4v12h4",
  done: "M4 12.500l5.500 5.500L20 6.500",
  share: "M12 15V3M7.500 7L12 2.500 16.500 7M5 11v10h14V11",
  back: "M14.500 4.500L7 12l7.500 7.500M7.500 12H21",
  away: "M9 5H4v15h15v-5M13 4h7v7M20 4l-9 9",
  bin: "M4 6h16M9 6V3h6v3M6 6l1 15h10l1-15M10 10.500v6.500M14 10.500v6.500",
  alert: "M12 3L1.800 20.500h20.400zM12 9.500v5M12 16.700v1.600",
  offline: "M2.500 9a14 14 0 0 1 4.800-3M21.500 9A14 14 0 0 0 11 5M6 13a9 9 0 0 1 3.500-2.200M18 13a9 9 0 0 0-2-1.500M12 17.500v2M3 3l18 18",
  renew: "M20 5v5h-5M19.500 9.500A8.500 8.500 0 1 0 20 14",
  plus: "M12 8v8M8 12h8M3.500 3.500h17v17h-17z",
  home: "M3 11.500L12 4l9 7.500M5.500 10v10.500h13V10M10 20.500V14h4v6.500",
} as const;

export type IconName = keyof typeof ICONS | keyof typeof CABINET_ICONS;

const paths = new Map<string, string>(Object.entries(ICONS));

/** Signs that only participants see come with their screens. */
export function addIcons(more: Readonly<Record<string, string>>): void {
  for (const [name, path] of Object.entries(more)) paths.set(name, path);
}

export function Icon({ name, size = 24 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.200" stroke-linecap="square" aria-hidden="true">
      <path d={paths.get(name) ?? ""} />
    </svg>
  );
}

export type GlyphName = "ok" | "stop" | "care" | "unknown" | "seal";

/** The sign of a look. Each has its own silhouette, so that it is known without colour and from across a counter. */
export function Glyph({ name, class: css }: { name: GlyphName; class?: string | undefined }): JSX.Element {
  return (
    <svg class={css} viewBox="0 0 64 64" fill="none" stroke="currentColor" stroke-width="8" stroke-linecap="square" aria-hidden="true" data-glyph={name}>
      {DRAWN[name]}
    </svg>
  );
}

const DRAWN: Record<GlyphName, JSX.Element> = {
  ok: (
    <>
      <path d="M10 26l15 15L54 11" />
      <path d="M8 58h48" />
    </>
  ),
  stop: <path d="M11 11l42 42M53 11L11 53" />,
  care: (
    <>
      <path d="M32 8L5.500 56h53z" stroke-linejoin="miter" stroke-width="7" />
      <path d="M32 27v11M32 47v.5" stroke-width="6.500" />
    </>
  ),
  unknown: (
    <>
      <circle cx="32" cy="32" r="27" stroke-width="5.500" stroke-linecap="butt" stroke-dasharray="10.600 6.360" />
      <path d="M24.500 26a7.500 7.500 0 1 1 11 6.600c-2.500 1.500-3.500 2.700-3.500 5.400" stroke-width="6" stroke-linecap="butt" />
      <path d="M32 46.500v.5" stroke-width="6.500" />
    </>
  ),
  seal: (
    <>
      <circle cx="32" cy="32" r="27" stroke-width="5.500" stroke-linecap="butt" stroke-dasharray="10.600 6.360" />
      <path d="M21 19v24.500h24.500M29.500 22.500H45M37 23v12.500" stroke-width="5" />
    </>
  ),
};
