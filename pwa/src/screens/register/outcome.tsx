/** Where an application stands once it left the applicant's hands, and what to do about a refusal. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { type Application, withdraw } from "../../api/registration";
import { formatDateTime, lang, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { Button } from "../../ui/button";
import { Facts, Page } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Failure, Note } from "../../ui/states";
import { show } from "./application";
import { useFollowing } from "./letter";
import { Awaited, useInvitation } from "./awaited";
import css from "./register.module.css";

export function Checking(): JSX.Element {
  useFollowing();
  return (
    <Page title={t("registration.checking")}>
      <p>{t("registration.checking_text")}</p>
    </Page>
  );
}

export function Waiting({ own }: { own: Application }): JSX.Element {
  useFollowing();
  return (
    <Page title={t("registration.waiting")} lead={t("registration.waiting_lead")}>
      <Facts
        facts={[
          [t("registration.number"), own.number],
          [t("registration.participant"), own.names[lang.value]],
          [t("registration.answer_until"), <strong key="until">{own.deadline && formatDateTime(own.deadline)}</strong>],
        ]}
      />
      <Awaited own={own} />
      <p>{t("registration.waiting_text", { email: own.email ?? "" })}</p>
      <Withdraw />
    </Page>
  );
}

export function Refused({ own }: { own: Application }): JSX.Element {
  const refusal = own.refusal;
  return (
    <Page title={t("registration.refused")} lead={t("registration.refused_lead")}>
      {refusal && (
        <Note tone="stop" title={t("registration.refused_why")}>
          <ul class={css.reasons}>
            {refusal.reasons.map(({ code, names }) => (
              <li key={code}>{names[lang.value]}</li>
            ))}
          </ul>
          {refusal.text && <p>{t("registration.refused_text", { text: refusal.text })}</p>}
          <p class={css.quiet}>{formatDateTime(refusal.at)}</p>
        </Note>
      )}
      <Awaited own={own} />
      <Button kind="primary" wide href="/register/data">
        {t("registration.refused_mend")}
      </Button>
      <Withdraw />
    </Page>
  );
}

export function Approved({ own }: { own: Application }): JSX.Element {
  const invitation = useInvitation(own);
  const awaits = invitation?.fits && invitation.now?.standing === "joined";
  return (
    <Page title={t("registration.approved")} lead={t("registration.approved_lead")}>
      <Facts
        facts={[
          [t("registration.participant"), own.names[lang.value]],
          [t("registration.contract_number"), own.number],
        ]}
      />
      <Awaited own={own} />
      <Button kind="primary" icon="key" wide href={awaits ? `/login?next=/acts/${invitation.act}` : "/login"}>
        {t(awaits ? "acts.invited_enter" : "registration.login_sign")}
      </Button>
    </Page>
  );
}

/** Taking an application back asks once; the server then forgets it. */
function Withdraw(): JSX.Element {
  const asking = useSignal(false);
  const { busy, failure, run } = useAttempt();
  const go = (): Promise<boolean> =>
    run(async () => {
      await once("withdraw", null, withdraw);
      show(null);
    });
  return (
    <>
      <div>
        <Button kind="plain" icon="bin" onClick={() => (asking.value = true)}>
          {t("registration.withdraw")}
        </Button>
      </div>
      {asking.value && (
        <Sheet
          title={t("registration.withdraw")}
          onClose={() => (asking.value = false)}
          actions={
            <>
              <Button onClick={() => (asking.value = false)}>{t("app.cancel")}</Button>
              <Button kind="danger" icon="bin" busy={busy} onClick={() => void go()}>
                {t("registration.withdraw_yes")}
              </Button>
            </>
          }
        >
          <p>{t("registration.withdraw_sure")}</p>
          {failure && <Failure code={failure.code} params={failure.params} />}
        </Sheet>
      )}
    </>
  );
}
