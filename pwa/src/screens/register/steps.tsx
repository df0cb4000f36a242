/** The way of an application, and how far along it one is. */

import type { JSX } from "preact";
import type { Application } from "../../api/registration";
import { t } from "../../i18n";
import css from "./register.module.css";

export type Step = "data" | "who" | "contact" | "sign";

/** A change of head chooses nothing: the firm stays what it is. */
export function stepsOf({ purpose }: Application): readonly Step[] {
  return purpose === "head_change" ? ["data", "contact", "sign"] : ["data", "who", "contact", "sign"];
}

/** The step on which a field stands, by the name that the server gives it. */
export function stepOf(field: string): Step {
  if (field.startsWith("names")) return "data";
  return field === "email" || field === "phone" ? "contact" : "who";
}

export function StepLine({ application, at }: { application: Application; at: Step | "letter" }): JSX.Element {
  const all = [...stepsOf(application), "letter"] as const;
  const place = all.indexOf(at);
  return (
    <div class={css.line}>
      <p>{t("registration.step", { at: place + 1, of: all.length })}</p>
      <div class={css.marks} aria-hidden="true">
        {all.map((one, index) => (
          <span key={one} data-past={index <= place} />
        ))}
      </div>
    </div>
  );
}
