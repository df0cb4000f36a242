/** The operator's word: approving asks once more, refusing asks for reasons; somebody else may have been faster. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ApiError } from "../../api/client";
import { approve, type DeskApplication, refusalReasons, refuse } from "../../api/desk";
import type { Reason } from "../../api/registration";
import { lang, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { Button } from "../../ui/button";
import { Choices, focusWrong, TextArea } from "../../ui/field";
import { Sheet } from "../../ui/sheet";
import { Failure, Loading } from "../../ui/states";
import css from "./desk.module.css";
import { after, decided, loadQueue } from "./queue";

interface DecideProps {
  found: DeskApplication;
  /** Shows the application as it is now. */
  again: () => void;
  onClose: () => void;
}

export function Approve({ found, again, onClose }: DecideProps): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const done = useDone(found, "approved");
  const go = async (): Promise<void> => {
    if (await run(() => once("approve", found.id, (key) => approve(found.id, key)))) await done();
  };
  return (
    <Sheet
      title={t("registration.desk_approve_title")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="primary" icon="done" busy={busy} disabled={overtaken(failure)} onClick={() => void go()}>
            {t("registration.desk_approve")}
          </Button>
        </>
      }
    >
      <p>{t(found.purpose === "head_change" ? "registration.desk_approve_head" : "registration.desk_approve_text", { name: found.names[lang.value] })}</p>
      <Overtaken failure={failure} again={again} onClose={onClose} />
    </Sheet>
  );
}

export function Refuse({ found, again, onClose }: DecideProps): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const reading = useAttempt();
  const done = useDone(found, "refused");
  const reasons = useSignal<Reason[] | null>(null);
  const chosen = useSignal<string[]>([]);
  const text = useSignal("");
  const tried = useSignal(false);
  const form = useRef<HTMLDivElement>(null);
  const read = (): void => void reading.run(async () => void (reasons.value = await refusalReasons()));
  useEffect(read, []);

  const needsWords = reasons.value?.some(({ code, text_needed }) => text_needed && chosen.value.includes(code)) ?? false;
  const wordless = needsWords && text.value.trim() === "";
  const go = async (): Promise<void> => {
    tried.value = true;
    if (chosen.value.length === 0 || wordless) return void requestAnimationFrame(() => focusWrong(form.current));
    const word = { reasons: chosen.value, text: text.value.trim() };
    if (await run(() => once(`refuse ${found.id}`, word, (key) => refuse(found.id, word.reasons, word.text, key)))) await done();
  };
  return (
    <Sheet
      title={t("registration.desk_refuse_title")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="danger" busy={busy} disabled={overtaken(failure)} onClick={() => void go()}>
            {t("registration.desk_refuse_send")}
          </Button>
        </>
      }
    >
      <p>{t("registration.desk_refuse_text")}</p>
      {reading.failure && <Failure code={reading.failure.code} onRetry={read} />}
      {!reasons.value && !reading.failure && <Loading rows={4} />}
      <div ref={form} class={css.form}>
        {reasons.value && (
          <Choices
            legend={t("registration.desk_reasons")}
            values={chosen.value}
            options={reasons.value.map(({ code, names }) => ({ value: code, text: names[lang.value] }))}
            onChange={(next) => (chosen.value = next)}
            error={tried.value && chosen.value.length === 0 ? t("registration.desk_wrong_reasons") : undefined}
          />
        )}
        <TextArea
          label={t(needsWords ? "registration.desk_words_needed" : "registration.desk_words")}
          value={text.value}
          maxLength={1000}
          required={needsWords}
          error={tried.value && wordless ? t("registration.desk_wrong_words") : undefined}
          onInput={(typed) => (text.value = typed)}
        />
      </div>
      <Overtaken failure={failure} again={again} onClose={onClose} />
    </Sheet>
  );
}

/** Says what was decided and opens the next one that waits. */
function useDone(found: DeskApplication, outcome: "approved" | "refused"): () => Promise<void> {
  const { route } = useLocation();
  return async () => {
    const next = after(found.id);
    decided.value = { names: found.names, outcome };
    await loadQueue().catch(() => undefined);
    route(next ? `/desk/${next}` : "/desk", true);
  };
}

function overtaken(failure: ApiError | null): boolean {
  return failure?.code === "registration.already_decided";
}

/** Another operator was faster, or the applicant took it back: what is on screen is past. */
function Overtaken({ failure, again, onClose }: { failure: ApiError | null; again: () => void; onClose: () => void }): JSX.Element | null {
  if (!failure) return null;
  if (!overtaken(failure)) return <Failure code={failure.code} params={failure.params} kept={t("registration.kept")} />;
  const renew = (): void => {
    onClose();
    again();
    void loadQueue().catch(() => undefined);
  };
  return (
    <>
      <Failure code={failure.code} />
      <Button icon="renew" onClick={renew}>
        {t("registration.desk_renew")}
      </Button>
    </>
  );
}
