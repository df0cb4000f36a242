/** Where this very browser keeps its camera permission: one picture, one sentence. */

import type { JSX } from "preact";
import { t } from "../i18n";
import css from "./scanner.module.css";

export type Browser = "ios" | "android" | "firefox" | "desktop";

export function browserOf(agent: string, touchPoints: number): Browser {
  // iPadOS calls itself a Mac; only its fingers tell.
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touchPoints > 1)) return "ios";
  if (/Android/.test(agent)) return "android";
  return /Firefox/.test(agent) ? "firefox" : "desktop";
}

const WORDS = {
  ios: "scanner.denied_ios",
  android: "scanner.denied_android",
  firefox: "scanner.denied_firefox",
  desktop: "scanner.denied_desktop",
} as const;

export function Denied(): JSX.Element {
  const browser = browserOf(navigator.userAgent, navigator.maxTouchPoints);
  return (
    <>
      <Picture browser={browser} />
      <p>{t(WORDS[browser])}</p>
    </>
  );
}

/** An address bar with the place to tap ringed; on iOS it stands below the page. */
function Picture({ browser }: { browser: Browser }): JSX.Element {
  const bar = browser === "ios" ? 62 : 10;
  const spot = browser === "firefox" ? 44 : 26;
  return (
    <svg class={css.picture} viewBox="0 0 200 96" aria-hidden="true">
      <path class={css.pictureLine} d="M4 4h192v88H4z" />
      <path class={css.pictureLine} d={`M14 ${bar}h172v24H14z`} />
      {browser === "ios" ? (
        <path class={css.pictureLine} d={`M20 ${bar + 17}l4-11l4 11 M22 ${bar + 14}h4 M31 ${bar + 17}l3-8l3 8`} />
      ) : (
        <path class={css.pictureLine} d={`M${spot - 6} ${bar + 9}h12 M${spot - 6} ${bar + 15}h12 M${spot - 2} ${bar + 7}v4 M${spot + 2} ${bar + 13}v4`} />
      )}
      <path class={css.pictureLine} d={`M70 ${bar + 12}h80`} stroke-dasharray="4 4" />
      <circle class={css.pictureRing} cx={spot} cy={bar + 12} r="18" />
    </svg>
  );
}
