/** The list by itself, or beside the act that is open. */

import type { ComponentChildren, JSX } from "preact";
import { ActList } from "./list";
import css from "./panes.module.css";

/** The list stays beside an open act where there is room for both. */
export function Panes({ current, children }: { current: string | null; children?: ComponentChildren }): JSX.Element {
  return (
    <div class={css.panes} data-open={current !== null}>
      <div class={css.side}>
        <ActList current={current} />
      </div>
      {current !== null && <div class={css.detail}>{children}</div>}
    </div>
  );
}
