/** Thick, square-capped strokes on a 24-unit grid; decoration only, every button has its own words. */

import type { JSX } from "preact";

const PATHS = {
  photo: "M3 6h4l2-2h6l2 2h4v13H3z M12 9a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7",
  keyboard: "M2 6h20v12H2z M6 10h1 M10 10h1 M14 10h1 M18 10h0 M7 14h10",
  gun: "M4 5h12l4 4H10v2l-2 8H4l2-8H4z M20 5v4",
  torch: "M8 3h8v4l-2 3v11h-4V10L8 7z M8 7h8",
  lens: "M4 12a8 8 0 0 1 14-5 M20 12a8 8 0 0 1-14 5 M18 3v4h-4 M6 21v-4h4",
  plus: "M12 5v14 M5 12h14",
  minus: "M5 12h14",
  close: "M5 5l14 14 M19 5L5 19",
  camera_off: "M3 6h4l2-2h6l2 2h4v13H3z M3 3l18 18",
  lock: "M5 11h14v10H5z M8 11V7a4 4 0 0 1 8 0v4",
  paste: "M8 4h8v4H8z M8 6H5v15h14V6h-3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg
      width="24"
      height="24"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2.25"
      stroke-linecap="square"
      stroke-linejoin="miter"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
