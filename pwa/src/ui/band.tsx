/** The one ornament: the timing pattern of a Data Matrix, as a woven band. */

import type { JSX } from "preact";
import css from "./band.module.css";

export function Band(): JSX.Element {
  return <div class={css.band} aria-hidden="true" />;
}
