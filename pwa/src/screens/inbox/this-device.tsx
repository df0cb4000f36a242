/** Whether this device is told, and what to do where it cannot be. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError } from "../../api/client";
import { t } from "../../i18n";
import { allowPush, push, readPush, stopPush } from "../../store/push";
import { Button } from "../../ui/button";
import { Failure, Note } from "../../ui/states";
import css from "./inbox.module.css";
import { pushWords } from "./push-words";

const WHY = {
  unsupported: "notifications.push_unsupported",
  install: "notifications.push_ios",
  denied: "notifications.push_denied",
  ask: "notifications.push_ask_hint",
  off: "notifications.push_ask_hint",
  on: "notifications.push_on",
} as const;

export function ThisDevice(): JSX.Element {
  const failed = useSignal<string | null>(null);
  const busy = useSignal(false);
  useEffect(() => {
    void readPush();
  }, []);

  async function attempt(work: () => Promise<void>): Promise<void> {
    busy.value = true;
    failed.value = null;
    try {
      await work();
    } catch (error) {
      failed.value = error instanceof ApiError ? error.code : "notifications.push_failed";
    } finally {
      busy.value = false;
    }
  }

  const asks = push.value === "ask" || push.value === "off";
  return (
    <>
      {failed.value && <Failure code={failed.value} />}
      <Note tone={push.value === "on" ? "ok" : "quiet"}>
        <p>{t(WHY[push.value])}</p>
        <div class={css.actions}>
          {asks && (
            <Button kind="primary" busy={busy.value} onClick={() => void attempt(() => allowPush(pushWords()))}>
              {t("notifications.push_allow")}
            </Button>
          )}
          {push.value === "on" && (
            <Button busy={busy.value} onClick={() => void attempt(stopPush)}>
              {t("notifications.push_stop")}
            </Button>
          )}
        </div>
      </Note>
    </>
  );
}
