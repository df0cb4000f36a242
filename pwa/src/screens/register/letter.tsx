/** Signed; the link in the letter comes next. The page follows by itself once the link was opened, on whatever device. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type Application, changeEmail, mailboxOpen, resendLetter } from "../../api/registration";
import { formatDate, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Page, Section } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Failure, Note } from "../../ui/states";
import { load } from "./application";
import { looksLikeEmail } from "../../domain/phone";
import css from "./register.module.css";
import { StepLine } from "./steps";

const LOOK_AGAIN = 10_000;

export function Letter({ own }: { own: Application }): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const changing = useSignal(false);
  const said = useSignal(false);
  const mailbox = useSignal(false);
  useFollowing();
  useEffect(() => {
    void mailboxOpen().then((open) => (mailbox.value = open));
  }, []);
  const resend = (): Promise<boolean> =>
    run(async () => {
      said.value = false;
      await once("resend", own.email, resendLetter);
      said.value = true;
    });
  return (
    <Page over={<StepLine application={own} at="letter" />} title={t("registration.letter")}>
      <p>{t("registration.letter_sent")}</p>
      <p class={css.large}>{own.email}</p>
      <p>{own.confirm_until && t("registration.letter_until", { date: formatDate(own.confirm_until) })}</p>
      {mailbox.value && (
        <Button kind="primary" icon="mail" wide href="/mailbox">
          {t("registration.letter_mailbox")}
        </Button>
      )}
      <Section title={t("registration.letter_missing")}>
        <p>{t("registration.letter_missing_text")}</p>
        {failure && <Failure code={failure.code} params={failure.params} />}
        {said.value && (
          <div role="status">
            <Note tone="ok">{t("registration.letter_again_done")}</Note>
          </div>
        )}
        <div class={css.row}>
          <Button icon="renew" busy={busy} onClick={() => void resend()}>
            {t("registration.letter_again")}
          </Button>
          <Button icon="mail" onClick={() => (changing.value = true)}>
            {t("registration.letter_other")}
          </Button>
        </div>
      </Section>
      <p class={css.quiet}>
        {t("registration.letter_mend")} <a href="/register/data">{t("registration.mend")}</a>
      </p>
      {changing.value && <OtherAddress own={own} onClose={() => (changing.value = false)} />}
    </Page>
  );
}

function OtherAddress({ own, onClose }: { own: Application; onClose: () => void }): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const email = useSignal(own.email ?? "");
  const wrong = useSignal(false);
  const save = async (): Promise<void> => {
    wrong.value = !looksLikeEmail(email.value);
    if (wrong.value) return;
    const saved = await run(async () => {
      const address = email.value.trim();
      await once("email", address, (key) => changeEmail(address, key));
      await load();
    });
    if (saved) onClose();
  };
  return (
    <Sheet
      title={t("registration.letter_other")}
      onClose={onClose}
      actions={
        <Button kind="primary" busy={busy} onClick={() => void save()}>
          {t("registration.letter_send")}
        </Button>
      }
    >
      <Field
        label={t("registration.email")}
        type="email"
        inputMode="email"
        autocomplete="email"
        maxLength={254}
        required
        value={email.value}
        error={wrong.value || failure?.fields.length ? t("registration.wrong_email") : undefined}
        onInput={(typed) => (email.value = typed)}
      />
      {failure && failure.fields.length === 0 && <Failure code={failure.code} params={failure.params} />}
    </Sheet>
  );
}

/** Looks again while somebody looks at it. */
export function useFollowing(): void {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") void load().catch(() => undefined);
    };
    const timer = setInterval(look, LOOK_AGAIN);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
}
