/** Lists of things to open, and the small words beside them. */

import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icons";
import css from "./list.module.css";

export function List({ label, children }: { label?: string; children: ComponentChildren }): JSX.Element {
  return (
    <ul class={css.list} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  title: ComponentChildren;
  text?: ComponentChildren;
  /** A badge or a number at the end. */
  side?: ComponentChildren;
  icon?: IconName;
  href?: string;
  onClick?: () => void;
  /** The one that is open beside the list. */
  current?: boolean;
  /** Not seen yet. */
  fresh?: boolean;
}

export function Row({ title, text, side, icon, href, onClick, current, fresh }: RowProps): JSX.Element {
  const inside = (
    <>
      {icon && <Icon name={icon} />}
      <span class={css.words}>
        <span class={css.title}>{title}</span>
        {text && <span class={css.text}>{text}</span>}
      </span>
      {side && <span class={css.side}>{side}</span>}
    </>
  );
  const marks = { class: css.row, "data-fresh": fresh, "aria-current": current ? ("true" as const) : undefined };
  if (href) {
    return (
      <li>
        <a {...marks} href={href}>
          {inside}
        </a>
      </li>
    );
  }
  if (onClick) {
    return (
      <li>
        <button type="button" {...marks} onClick={onClick}>
          {inside}
        </button>
      </li>
    );
  }
  return (
    <li>
      <div {...marks}>{inside}</div>
    </li>
  );
}

export type Tone = "quiet" | "ok" | "care" | "stop" | "brand";

/** A state in one word; the tone never says more than the word does. */
export function Badge({ tone = "quiet", children }: { tone?: Tone; children: ComponentChildren }): JSX.Element {
  return (
    <span class={css.badge} data-tone={tone}>
      {children}
    </span>
  );
}
