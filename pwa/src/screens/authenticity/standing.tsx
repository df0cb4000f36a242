/** The answer of a check in one sign and one sentence, known without colour. */

import type { ComponentChildren, JSX } from "preact";
import { Glyph } from "../../ui/icons";
import css from "./authenticity.module.css";

interface StandingProps {
  look: "ok" | "care" | "stop";
  title: string;
  children?: ComponentChildren;
}

export function Standing({ look, title, children }: StandingProps): JSX.Element {
  return (
    <div class={css.standing} data-look={look} role="status">
      <Glyph name={look} class={css.glyph} />
      <div class={css.said}>
        <h2>{title}</h2>
        {children}
      </div>
    </div>
  );
}
