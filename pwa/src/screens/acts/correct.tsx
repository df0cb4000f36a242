/** Correcting prices and papers after sending: the form, and what was corrected with before and after. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import type { Correction } from "../../api/act-life";
import { type Key, formatDateTime, t } from "../../i18n";
import { receives, sends } from "../../store/acts";
import { useAttempt } from "../../store/attempt";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { Field, TextArea } from "../../ui/field";
import { Badge, type Tone } from "../../ui/list";
import { Section } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Failure, Note } from "../../ui/states";
import css from "./acts.module.css";
import { ChangeList } from "./changes";
import { changesOf, pricesValid } from "./correction";
import { type Form, formOf } from "./form";
import { waits } from "./pending";
import { signAgreement, signCorrection, step } from "./sign";
import { PaperFields, PriceFields } from "./terms";
import { DECIDED } from "./words";

const TONES: Record<Correction["state"], Tone> = { applied: "ok", proposed: "care", agreed: "ok", refused: "stop", withdrawn: "quiet" };

/** The correction that waits for the receiver's word. */
export function proposed(act: Act): Correction | null {
  return DECIDED.includes(act.state) ? (act.corrections.find(({ state }) => state === "proposed") ?? null) : null;
}

export function Correct({ act, onClose }: { act: Act; onClose: () => void }): JSX.Element {
  const form = useSignal<Form>(formOf(act));
  const reason = useSignal("");
  const tried = useSignal(false);
  const { busy, failure, run } = useAttempt();
  const set = (parts: Partial<Form>): void => void (form.value = { ...form.value, ...parts });
  const changes = changesOf(form.value, act);
  const sign = async (): Promise<void> => {
    tried.value = true;
    if (!changes || !pricesValid(form.value)) return;
    await run(async () => void ((await signCorrection(act, changes, reason.value.trim())) && onClose()));
  };
  const part = { form: form.value, set };
  const decided = DECIDED.includes(act.state);
  return (
    <Sheet
      title={t("acts.verb_correct")}
      onClose={onClose}
      steady
      actions={
        <Button kind="primary" icon="key" busy={busy} onClick={() => void sign()}>
          {t(decided ? "acts.correct_propose" : "acts.correct_sign")}
        </Button>
      }
    >
      <Note>{t(decided ? "acts.about_correct_decided" : "acts.about_correct")}</Note>
      {act.lines.length > 0 && <PriceFields {...part} act={act} />}
      <Field label={t("acts.transfer_date")} type="date" value={form.value.date} onInput={(date) => set({ date })} />
      <PaperFields name="contract" {...part} />
      <PaperFields name="waybill" {...part} />
      <PaperFields name="invoice" {...part} />
      <TextArea label={t("acts.comment")} value={form.value.comment} maxLength={1000} onInput={(comment) => set({ comment })} />
      <TextArea label={t("acts.write_correct")} value={reason.value} maxLength={1000} onInput={(text) => (reason.value = text)} />
      {tried.value && !changes && <p role="alert">{t("acts.correct_nothing")}</p>}
      {failure && <Failure code={failure.code} params={failure.params} kept={t("acts.kept_typed")} />}
    </Sheet>
  );
}

/** All corrections, the newest first; one that waits can be answered here. */
export function Corrections({ act }: { act: Act }): JSX.Element | null {
  if (act.corrections.length === 0) return null;
  return (
    <Section title={t("acts.corrections")}>
      {[...act.corrections].reverse().map((one) => (
        <One key={one.sha256} act={act} correction={one} />
      ))}
    </Section>
  );
}

function One({ act, correction }: { act: Act; correction: Correction }): JSX.Element {
  const { state, changes, reason, made_at: made } = correction;
  return (
    <div class={css.correction}>
      <p class={css.standing}>
        <Badge tone={TONES[state]}>{t(`acts.correction_${state}`)}</Badge>
        <span class={css.quiet}>{formatDateTime(made)}</span>
      </p>
      <ChangeList act={act} changes={changes} />
      {reason && <p>{t(state === "refused" ? "acts.refusal_was" : "acts.reason_was", { text: reason })}</p>}
      {correction === proposed(act) && can("acts:sign") && !waits(act.id) && <Answer act={act} sha256={correction.sha256} />}
    </div>
  );
}

function Answer({ act, sha256 }: { act: Act; sha256: string }): JSX.Element {
  const refusing = useSignal(false);
  const text = useSignal("");
  const tried = useSignal(false);
  const { busy, failure, run } = useAttempt();
  const agree = (): Promise<boolean> => run(async () => void (await signAgreement(act)));
  const withdraw = (): Promise<boolean> => run(() => step(act, "correct_withdraw", { sha256 }));
  const refuse = (): void => {
    tried.value = true;
    if (text.value.trim()) void run(() => step(act, "correct_refuse", { text: text.value.trim(), sha256 }));
  };
  return (
    <>
      {receives(act) && <p>{t("acts.correction_ask")}</p>}
      {failure && !refusing.value && <Failure code={failure.code} params={failure.params} />}
      <div class={css.verbs}>
        {receives(act) && (
          <>
            <Button kind="primary" icon="key" busy={busy} onClick={() => void agree()}>
              {t("acts.verb_correct_agree")}
            </Button>
            <Button onClick={() => (refusing.value = true)}>{t("acts.verb_correct_refuse")}</Button>
          </>
        )}
        {sends(act) && (
          <Button busy={busy} onClick={() => void withdraw()}>
            {t("acts.verb_correct_withdraw")}
          </Button>
        )}
      </div>
      {refusing.value && (
        <Sheet
          title={t("acts.verb_correct_refuse")}
          onClose={() => (refusing.value = false)}
          actions={
            <Button kind="primary" busy={busy} onClick={refuse}>
              {t("acts.verb_correct_refuse")}
            </Button>
          }
        >
          <p>{t("acts.about_correct_refuse")}</p>
          <TextArea
            label={t("acts.write_correct_refuse" as Key)}
            value={text.value}
            maxLength={1000}
            required
            error={tried.value && !text.value.trim() ? t("acts.write_something") : undefined}
            onInput={(typed) => (text.value = typed)}
          />
          {failure && <Failure code={failure.code} params={failure.params} kept={t("acts.kept_typed")} />}
        </Sheet>
      )}
    </>
  );
}
