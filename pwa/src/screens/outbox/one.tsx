/** One operation: what it is about, where it stands, why it was refused, and the two ways on. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Act } from "../../api/acts";
import { formatDateTime, hasWords, type Key, lang, t, tCode } from "../../i18n";
import { recallAct } from "../../store/acts";
import { useAttempt } from "../../store/attempt";
import { drop, type Operation, retry, sending } from "../../store/outbox";
import { Button } from "../../ui/button";
import { Badge } from "../../ui/list";
import { Sheet } from "../../ui/sheet";
import { Failure } from "../../ui/states";
import css from "./outbox.module.css";

export function One({ operation }: { operation: Operation }): JSX.Element {
  const { kind, subject, seq, at, refused, attempts, trouble } = operation;
  const [family, id] = subject.split(":");
  const now = sending.value === seq;
  const sure = useSignal(false);
  const { busy, failure, run } = useAttempt();
  const what = hasWords(`acts.did_${kind}`) ? t(`acts.did_${kind}` as Key) : t("outbox.operation");
  const discard = async (): Promise<void> => {
    if (await run(() => drop(seq))) sure.value = false;
  };
  return (
    <article class={css.one} data-state={refused ? "refused" : "waiting"}>
      <div class={css.head}>
        <h3>{what}</h3>
        <State now={now} refused={refused !== null} />
      </div>
      <Subject subject={subject} />
      <p class={css.quiet}>{t("outbox.done_at", { time: formatDateTime(at) })}</p>
      {refused && (
        <div class={css.why}>
          <Failure code={refused.code} params={refused.params} kept={t("outbox.kept")} />
        </div>
      )}
      {!refused && trouble && (
        <p class={css.quiet}>
          {t("outbox.tried", { count: attempts })} {tCode(`errors.${trouble.code}`, "errors.request.unexpected" as Key, trouble.params)}
        </p>
      )}
      {failure && <Failure code={failure.code} params={failure.params} />}
      {!now && (
        <div class={css.verbs}>
          {refused && family === "act" && (
            <Button kind="primary" icon="document" href={`/acts/${id}`}>
              {t("outbox.open_act")}
            </Button>
          )}
          {refused && (
            <Button icon="renew" busy={busy} onClick={() => void run(() => retry(seq))}>
              {t("app.retry")}
            </Button>
          )}
          <Button icon="bin" onClick={() => (sure.value = true)}>
            {t("outbox.discard")}
          </Button>
        </div>
      )}
      {sure.value && (
        <Sheet
          title={t("outbox.discard_title", { what })}
          onClose={() => (sure.value = false)}
          actions={
            <Button kind="danger" icon="bin" busy={busy} onClick={() => void discard()}>
              {t("outbox.discard")}
            </Button>
          }
        >
          <p>{t(refused ? "outbox.discard_refused" : "outbox.discard_waiting")}</p>
        </Sheet>
      )}
    </article>
  );
}

function State({ now, refused }: { now: boolean; refused: boolean }): JSX.Element {
  if (refused) return <Badge tone="stop">{t("outbox.state_refused")}</Badge>;
  return now ? <Badge tone="brand">{t("outbox.state_sending")}</Badge> : <Badge tone="care">{t("outbox.state_waiting")}</Badge>;
}

/** The act it happens to, as the device knows it. */
function Subject({ subject }: { subject: string }): JSX.Element | null {
  const act = useSignal<Act | null>(null);
  const [family, id = ""] = subject.split(":");
  useEffect(() => {
    if (family === "act") void recallAct(id).then((kept) => (act.value = kept?.act ?? null));
  }, [subject]);
  if (family !== "act") return null;
  const known = act.value;
  const other = known && (known.ours === "receiver" ? known.sender : known.receiver);
  return (
    <p>
      <a href={`/acts/${id}`}>{known ? t("acts.act_number", { number: known.number }) : t("outbox.open_act")}</a>
      {other && ` · ${other.names?.[lang.value] ?? other.name}`}
    </p>
  );
}
