/** What becomes of the unsent on this device: whether the browser promises to keep it, and whether it has not. */

import type { JSX } from "preact";
import { formatDateTime, t } from "../../i18n";
import { loss, lossIsKnown } from "../../store/outbox-loss";
import { Button } from "../../ui/button";
import { Note } from "../../ui/states";
import css from "./outbox.module.css";

export function NotPromised(): JSX.Element {
  return (
    <Note>
      <p>{t("outbox.not_promised")}</p>
      <div class={css.verbs}>
        <Button icon="phone" href="/help">
          {t("help.install_title")}
        </Button>
      </div>
    </Note>
  );
}

export function Lost(): JSX.Element | null {
  if (!loss.value) return null;
  const { count, at } = loss.value;
  return (
    <Note tone="stop" title={t("outbox.lost_title")}>
      <p>{t("outbox.lost", { count, time: formatDateTime(at) })}</p>
      <div class={css.verbs}>
        <Button icon="document" href="/acts">
          {t("outbox.lost_acts")}
        </Button>
        <Button icon="done" onClick={lossIsKnown}>
          {t("outbox.lost_known")}
        </Button>
      </div>
    </Note>
  );
}
