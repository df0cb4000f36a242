/** One verdict as a row: of a picture with several codes, and of the history. */

import type { ComponentChildren, JSX } from "preact";
import { t } from "../i18n";
import type { Check } from "../store/history";
import { Glyph } from "../ui/icons";
import css from "./row.module.css";
import { productName, say } from "./words";

interface RowProps {
  check: Check;
  now: number;
  /** Small print under the outcome: time, or that something is still to come. */
  children?: ComponentChildren;
  onOpen: () => void;
}

export function VerdictRow({ check, now, children, onOpen }: RowProps): JSX.Element {
  const said = say(check, now);
  return (
    <button type="button" class={css.row} data-look={said.look} data-outcome={check.answer.outcome} onClick={onOpen}>
      <span class={css.mark}>
        <Glyph name={said.glyph} class={css.glyph} />
      </span>
      <span class={css.words}>
        <span class={css.name}>{productName(check) || shortened(check.code, 18)}</span>
        <span class={css.outcome}>
          {said.look === "unknown" ? "" : `${said.word} · `}
          {said.outcome}
        </span>
        {children && <span class={css.small}>{children}</span>}
      </span>
    </button>
  );
}

/** A row whose answer is still awaited. */
export function AwaitedRow(): JSX.Element {
  return (
    <p class={css.row} data-look="unknown" role="status">
      <span class={css.mark}>
        <Glyph name="unknown" class={css.glyph} />
      </span>
      <span class={css.words}>{t("app.checking")}</span>
    </p>
  );
}

/** The two ends tell codes apart, the middle does not: "0104…iH7x". */
export function shortened(code: string, most = 24): string {
  const letters = [...code];
  if (letters.length <= most) return code;
  const end = Math.floor((most - 1) / 2);
  return `${letters.slice(0, most - 1 - end).join("")}…${letters.slice(-end).join("")}`;
}
