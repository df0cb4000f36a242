/** The page behind the link in the letter. It may be opened on another device than the one that signed. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { confirmEmail, type Standing } from "../../api/registration";
import { formatDateTime, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { Button } from "../../ui/button";
import { Page } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";
import { application } from "./application";

/** Behind the #, which no server and no log gets to see. */
function tokenOf({ hash, search }: Location): string {
  return hash.slice(1) || (new URLSearchParams(search).get("token") ?? "");
}

export function Confirm(): JSX.Element {
  const standing = useSignal<Standing | null>(null);
  const { failure, run } = useAttempt();
  const confirm = (): void =>
    void run(async () => {
      standing.value = await confirmEmail(tokenOf(location));
      // What this browser may have shown before is past.
      application.value = undefined;
    });
  useEffect(confirm, []);
  const { deadline, number } = standing.value ?? {};
  if (failure) {
    return (
      <Page title={t("registration.confirm_failed")}>
        <Failure code={failure.code} params={failure.params} onRetry={failure.passing ? confirm : undefined} />
        <Button href="/register">{t("registration.confirm_own")}</Button>
      </Page>
    );
  }
  if (!standing.value) {
    return (
      <Page title={t("registration.confirming")}>
        <Loading rows={1} />
      </Page>
    );
  }
  return (
    <Page key="done" title={t("registration.confirmed")} lead={number && t("registration.confirmed_lead", { number })}>
      {deadline && <p>{t("registration.confirmed_until", { when: formatDateTime(deadline) })}</p>}
      <p>{t("registration.confirmed_text")}</p>
      <Button kind="primary" wide href="/register">
        {t("registration.confirm_own")}
      </Button>
    </Page>
  );
}
