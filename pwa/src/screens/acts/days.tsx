/** The days of which a list of acts is to be, put away until somebody looks for them. */

import type { JSX } from "preact";
import type { Sought } from "../../api/acts";
import { formatDate, t } from "../../i18n";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import css from "./acts.module.css";
import own from "./days.module.css";

interface DaysProps {
  from: string;
  to: string;
  onChange: (days: Pick<Sought, "from" | "to">) => void;
}

export function Days({ from, to, onChange }: DaysProps): JSX.Element {
  const chosen = from !== "" || to !== "";
  const words = [from, to].map((day) => day && formatDate(day)).join(" – ").trim();
  return (
    <details class={`${css.more} ${own.panel}`}>
      <summary>{chosen ? words : t("acts.days")}</summary>
      <div>
        <div class={own.days}>
          <Field label={t("acts.days_from")} type="date" max={to} value={from} onInput={(day) => onChange({ from: real(day), to })} />
          <Field label={t("acts.days_to")} type="date" min={from} value={to} onInput={(day) => onChange({ from, to: real(day) })} />
        </div>
        {chosen && (
          <Button kind="plain" onClick={() => onChange({ from: "", to: "" })}>
            {t("acts.days_all")}
          </Button>
        )}
      </div>
    </details>
  );
}

/** While a year is being typed, a field says days of the time of Abylai Khan. */
function real(day: string): string {
  return day >= "2000-01-01" && day <= "2100-01-01" ? day : "";
}
