/** What the steps of the form have in common: the line, the way back, what went wrong, and one button. */

import { useLocation } from "preact-iso";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Application } from "../../api/registration";
import { t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { focusWrong } from "../../ui/field";
import { Page } from "../../ui/page";
import { Failure, OfflineNote } from "../../ui/states";
import css from "./register.module.css";
import { type Step, StepLine, stepOf, stepsOf } from "./steps";
import { reach, wrong } from "./typed";

interface FormPageProps {
  own: Application;
  step: Step;
  title: string;
  lead?: string | undefined;
  /** The fields of this step that are missing or wrong. */
  check: () => string[];
  /** Done before the next step opens; without it nothing is sent yet. */
  before?: () => Promise<void>;
  children: ComponentChildren;
}

export function FormPage({ own, step, title, lead, check, before, children }: FormPageProps): JSX.Element {
  const { route } = useLocation();
  const form = useRef<HTMLFormElement>(null);
  const { busy, failure, run } = useAttempt();
  const steps = stepsOf(own);
  const place = steps.indexOf(step);
  const [previous, next] = [steps[place - 1], steps[place + 1]];
  useEffect(() => reach(step), []);

  const forward = async (): Promise<void> => {
    wrong.value = new Set(check());
    const passed = wrong.value.size === 0 && (!before || (await run(before)));
    if (passed && next) return route(`/register/${next}`);
    const [field] = wrong.value;
    if (field === undefined) return;
    // The server may find fault with what was typed on an earlier step.
    if (stepOf(field) !== step) route(`/register/${stepOf(field)}`);
    else requestAnimationFrame(() => focusWrong(form.current));
  };
  return (
    <Page
      over={<StepLine application={own} at={step} />}
      title={title}
      lead={lead}
      back={previous ? { href: `/register/${previous}`, text: t("app.back") } : undefined}
    >
      {!online.value && <OfflineNote text={t("registration.kept_offline")} />}
      <form
        ref={form}
        class={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void forward();
        }}
      >
        {children}
        {failure && <Failure code={failure.code} params={failure.params} kept={t("registration.kept")} />}
        <Button kind="primary" submit wide busy={busy}>
          {t("registration.continue")}
        </Button>
      </form>
    </Page>
  );
}
