/** Goods to choose among, each with how many there are; and how they are called. */

import type { ComponentChildren, JSX } from "preact";
import { formatNumber } from "../i18n";
import css from "./goods.module.css";

export function Chips({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class={css.chips} role="group" aria-label={label}>
      {children}
    </div>
  );
}

interface ChipProps {
  words: string;
  count: number;
  /** Left out where a tap leads on. */
  pressed?: boolean;
  onClick: () => void;
}

export function Chip({ words, count, pressed, onClick }: ChipProps): JSX.Element {
  return (
    <button type="button" class={css.chip} aria-pressed={pressed} onClick={onClick}>
      <strong>{words}</strong>
      <span>{formatNumber(count)}</span>
    </button>
  );
}

/** A product by its name, its article beside it. */
export function Title({ name, article }: { name: string; article: string | null }): JSX.Element {
  return (
    <p class={css.name}>
      {name} {article && <span class={css.note}>{article}</span>}
    </p>
  );
}
