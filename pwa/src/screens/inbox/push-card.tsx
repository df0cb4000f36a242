/** Offers notifications on this device, where somebody has just seen what they would be; asked once, quietly. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError } from "../../api/client";
import { t } from "../../i18n";
import { allowPush, isPutOff, push, putOff, readPush, renewPush } from "../../store/push";
import { Button } from "../../ui/button";
import { Failure, Note } from "../../ui/states";
import css from "./inbox.module.css";
import { pushWords } from "./push-words";

export function PushCard(): JSX.Element | null {
  const hidden = useSignal(isPutOff());
  const failed = useSignal<string | null>(null);
  const busy = useSignal(false);
  useEffect(() => {
    // What cannot be renewed now is renewed at the next visit.
    void readPush()
      .then(() => renewPush(pushWords()))
      .catch(() => undefined);
  }, []);

  async function allow(): Promise<void> {
    busy.value = true;
    failed.value = null;
    try {
      await allowPush(pushWords());
    } catch (error) {
      failed.value = error instanceof ApiError ? error.code : "notifications.push_failed";
    } finally {
      busy.value = false;
    }
  }

  if (failed.value) return <Failure code={failed.value} onRetry={() => void allow()} />;
  if (hidden.value || (push.value !== "ask" && push.value !== "install" && push.value !== "off")) return null;
  return (
    <Note title={t("notifications.push_ask")}>
      <p>{t(push.value === "install" ? "notifications.push_ios" : "notifications.push_ask_hint")}</p>
      <div class={css.actions}>
        {push.value === "install" ? (
          <Button href="/help">{t("app.help")}</Button>
        ) : (
          <Button kind="primary" busy={busy.value} onClick={() => void allow()}>
            {t("notifications.push_allow")}
          </Button>
        )}
        <Button
          kind="plain"
          onClick={() => {
            putOff();
            hidden.value = true;
          }}
        >
          {t("notifications.push_later")}
        </Button>
      </div>
    </Note>
  );
}
