/** Buttons: one filled action a screen, quiet ones beside it. */

import type { ComponentChildren, JSX, Ref } from "preact";
import css from "./button.module.css";
import { Icon, type IconName } from "./icons";

interface ButtonProps {
  children: ComponentChildren;
  kind?: "primary" | "secondary" | "danger" | "plain";
  icon?: IconName;
  onClick?: (event: MouseEvent) => void;
  /** Makes it a link with the looks of a button. */
  href?: string;
  /** Opens another site. */
  away?: boolean;
  wide?: boolean;
  innerRef?: Ref<HTMLButtonElement>;
  disabled?: boolean;
  /** Sends the form it stands in. */
  submit?: boolean;
  /** Something is under way: the button waits and says so. */
  busy?: boolean;
}

export function Button({ children, kind = "secondary", icon, onClick, href, away, wide, innerRef, disabled, submit, busy }: ButtonProps): JSX.Element {
  const classes = `${css.button} ${css[kind] ?? ""} ${wide ? css.wide : ""}`;
  const inside = (
    <>
      {icon && <Icon name={icon} size={22} />}
      <span>{children}</span>
    </>
  );
  if (href) {
    const other = away ? { target: "_blank", rel: "noopener noreferrer" } : {};
    return (
      <a class={classes} href={href} {...other}>
        {inside}
      </a>
    );
  }
  return (
    <button
      type={submit ? "submit" : "button"}
      class={classes}
      onClick={onClick}
      ref={innerRef}
      disabled={disabled || busy}
      aria-busy={busy ? true : undefined}
    >
      {inside}
    </button>
  );
}

/** A square button that shows only an icon; `label` is what is said. */
export function IconButton({ name, label, onClick }: { name: IconName; label: string; onClick: () => void }): JSX.Element {
  return (
    <button type="button" class={css.icon} onClick={onClick} aria-label={label} title={label}>
      <Icon name={name} />
    </button>
  );
}
