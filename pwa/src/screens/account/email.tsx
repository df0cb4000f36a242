/** Where the letter to a new e-mail leads, perhaps on a device that nobody is signed in on. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import { ApiError, call, newKey } from "../../api/client";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import { Page } from "../../ui/page";
import { Failure, Loading, Note } from "../../ui/states";

export default function Email(): JSX.Element {
  const { path } = useLocation();
  const done = useSignal(false);
  const failure = useSignal<ApiError | null>(null);
  const key = useRef(newKey());

  async function confirm(): Promise<void> {
    failure.value = null;
    try {
      const body = { token: path.split("/")[3] ?? "" };
      await call("/api/v1/account/email/confirm", { method: "POST", body, key: key.current });
      done.value = true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  useEffect(() => void confirm(), [path]);

  return (
    <Page title={t("account.email_title")}>
      {!done.value && !failure.value && <Loading rows={1} />}
      {failure.value && (
        <Failure
          code={failure.value.code}
          params={failure.value.params}
          onRetry={failure.value.passing ? () => void confirm() : undefined}
        />
      )}
      {done.value && <Note tone="ok">{t("account.email_confirmed")}</Note>}
      <div>
        <Button href="/account">{t("account.to_account")}</Button>
      </div>
    </Page>
  );
}
