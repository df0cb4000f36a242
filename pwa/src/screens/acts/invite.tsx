/** The buyer is not registered: a link for them, as a code, by letter or by whatever one writes with. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Act } from "../../api/acts";
import { type Invitation, invitation, inviteBuyer } from "../../api/act-life";
import { formatDateTime, lang, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Section } from "../../ui/page";
import { Qr } from "../../ui/qr";
import { Failure, Loading, Note } from "../../ui/states";
import css from "./acts.module.css";
import { called } from "./words";

export function Invite({ act }: { act: Act }): JSX.Element {
  const found = useSignal<Invitation | null>(null);
  const { failure, run } = useAttempt();
  const load = (): Promise<boolean> => run(async () => void (found.value = await invitation(act.id)));
  useEffect(() => void load(), [act.id, act.version]);
  const now = found.value;
  return (
    <Section title={t("acts.invitation")}>
      <p>{t("acts.invitation_text", { buyer: called(act.receiver) })}</p>
      {failure && <Failure code={failure.code} params={failure.params} onRetry={() => void load()} />}
      {!now && !failure && <Loading rows={2} />}
      {now && (
        <>
          <p class={css.due} role="status">
            {now.opened_at ? t("acts.invitation_opened", { time: formatDateTime(now.opened_at) }) : t("acts.invitation_unopened")}
          </p>
          <Link link={now.link} number={act.number} />
          <Letter act={act} now={now} onSent={(next) => (found.value = next)} />
          <details class={css.more}>
            <summary>{t("acts.invitation_qr")}</summary>
            <div class={css.code}>
              <Qr rows={now.qr} label={t("acts.invitation_qr")} />
            </div>
          </details>
        </>
      )}
    </Section>
  );
}

function Link({ link, number }: { link: string; number: string }): JSX.Element {
  const copied = useSignal(false);
  const share = async (): Promise<void> => {
    try {
      if (typeof navigator.share === "function") await navigator.share({ title: t("acts.act_number", { number }), url: link });
      else {
        await navigator.clipboard.writeText(link);
        copied.value = true;
      }
    } catch {
      // The person closed the sheet of the system; the link still stands there.
    }
  };
  return (
    <>
      <div class={css.verbs}>
        <Button kind="primary" icon={copied.value ? "done" : "share"} onClick={() => void share()}>
          {t(copied.value ? "acts.copied" : "acts.invitation_share")}
        </Button>
      </div>
      <p class={css.link}>{link}</p>
    </>
  );
}

function Letter({ act, now, onSent }: { act: Act; now: Invitation; onSent: (next: Invitation) => void }): JSX.Element {
  const email = useSignal("");
  const { busy, failure, run } = useAttempt();
  const wrong = failure?.code === "notifications.address_invalid";
  const send = (): Promise<boolean> =>
    run(async () => {
      const to = email.value.trim();
      onSent(await once("invite", [act.id, to, now.letters_left], (key) => inviteBuyer(act.id, to, lang.value, key)));
      email.value = "";
    });
  if (now.letters_left === 0) return <Note>{t("errors.acts.too_many_letters", { count: 5 })}</Note>;
  return (
    <form
      class={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (email.value.trim()) void send();
      }}
    >
      <Field
        label={t("acts.invitation_email")}
        type="email"
        value={email.value}
        error={wrong ? t("errors.notifications.address_invalid") : undefined}
        hint={now.mailed_at ? t("acts.invitation_mailed", { time: formatDateTime(now.mailed_at) }) : undefined}
        onInput={(value) => (email.value = value)}
      />
      {failure && !wrong && <Failure code={failure.code} params={failure.params} kept={t("acts.kept_typed")} />}
      <Button submit icon="mail" busy={busy} disabled={!email.value.trim()}>
        {t("acts.invitation_send")}
      </Button>
    </form>
  );
}
