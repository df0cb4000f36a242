/** What this device has done to an act and the server has not taken: waiting, on its way, or refused with the reason. */

import type { JSX } from "preact";
import { type Key, formatDateTime, hasWords, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { drain, drop, type Operation, outbox, retry, sending } from "../../store/outbox";
import { Button } from "../../ui/button";
import { Failure, Note } from "../../ui/states";
import css from "./acts.module.css";

export function waits(id: string): boolean {
  return outbox.value.some(({ subject }) => subject === `act:${id}`);
}

export function Pending({ id, again }: { id: string; again: () => void }): JSX.Element | null {
  const own = outbox.value.filter(({ subject }) => subject === `act:${id}`);
  if (own.length === 0) return null;
  return (
    <>
      {own.map((one) => (one.refused ? <Refused key={one.seq} operation={one} again={again} /> : <Waiting key={one.seq} operation={one} />))}
    </>
  );
}

function Waiting({ operation }: { operation: Operation }): JSX.Element {
  const now = sending.value === operation.seq;
  const words = now ? "acts.sending_text" : online.value ? "acts.queued_text" : "acts.queued_offline";
  return (
    <Note tone="care" title={`${t(`acts.did_${operation.kind}` as Key)} · ${t(now ? "acts.sending" : "acts.queued")}`}>
      <p role="status">{t(words, { time: formatDateTime(operation.at) })}</p>
      {!now && online.value && (
        <Button icon="renew" onClick={() => void drain()}>
          {t("acts.send_now")}
        </Button>
      )}
    </Note>
  );
}

function Refused({ operation, again }: { operation: Operation; again: () => void }): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const reason = operation.refused;
  const give = async (work: () => Promise<void>): Promise<void> => {
    if (await run(work)) again();
  };
  if (!reason) return <></>;
  return (
    <Note tone="stop" title={`${t(`acts.did_${operation.kind}` as Key)} · ${t("acts.needs_you")}`}>
      {reason.code === "acts.moved_meanwhile" ? <p>{moved(reason.params)}</p> : <Failure code={reason.code} params={reason.params} kept={t("acts.kept_scans")} />}
      {failure && <Failure code={failure.code} params={failure.params} />}
      <div class={css.verbs}>
        <Button kind="primary" busy={busy} onClick={() => void give(() => drop(operation.seq))}>
          {t("acts.decide_anew")}
        </Button>
        {reason.code !== "acts.moved_meanwhile" && (
          <Button icon="renew" busy={busy} onClick={() => void give(() => retry(operation.seq))}>
            {t("app.retry")}
          </Button>
        )}
      </div>
    </Note>
  );
}

/** Who was first, when, and what can be done now. */
function moved({ state, at }: Record<string, string | number>): string {
  const key = `acts.moved_${state}`;
  const time = typeof at === "string" ? formatDateTime(at) : "";
  return `${hasWords(key) ? t(key, { time }) : t("errors.acts.moved_meanwhile")} ${t("acts.kept_scans")}`;
}
