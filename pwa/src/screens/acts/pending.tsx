/** What this device has done to an act and the server has not taken: waiting, on its way, or refused with the reason. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Act } from "../../api/acts";
import type { Decision } from "../../domain/act-decision";
import { type Key, formatDateTime, hasWords, t } from "../../i18n";
import { fetchAct } from "../../store/acts";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { drain, drop, type Operation, outbox, retry, sending } from "../../store/outbox";
import { Button } from "../../ui/button";
import { Failure, Note } from "../../ui/states";
import css from "./acts.module.css";
import { ChangeList } from "./changes";
import { Elapsed } from "./elapsed";
import { signDecision } from "./sign";
import { AWAITED } from "./words";

export function waits(id: string): boolean {
  return outbox.value.some(({ subject }) => subject === `act:${id}`);
}

export function Pending({ id, units = 0, again }: { id: string; units?: number; again: () => void }): JSX.Element | null {
  const own = outbox.value.filter(({ subject }) => subject === `act:${id}`);
  if (own.length === 0) return null;
  return (
    <>
      {own.map((one) => (one.refused ? <Refused key={one.seq} operation={one} again={again} /> : <Waiting key={one.seq} operation={one} units={units} />))}
    </>
  );
}

function Waiting({ operation, units }: { operation: Operation; units: number }): JSX.Element {
  const now = sending.value === operation.seq;
  const words = now ? "acts.sending_text" : online.value ? "acts.queued_text" : "acts.queued_offline";
  return (
    <Note tone="care" title={`${t(`acts.did_${operation.kind}` as Key)} · ${t(now ? "acts.sending" : "acts.queued")}`}>
      <p role="status">{t(words, { time: formatDateTime(operation.at) })}</p>
      {now && <Elapsed units={units} />}
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
      {reason.code === "acts.moved_meanwhile" ? <p>{moved(reason.params)}</p> : <Failure code={reason.code} params={reason.params} kept={kept(operation)} />}
      {reason.code === "acts.moved_meanwhile" && kept(operation) && <p>{kept(operation)}</p>}
      {reason.code === "acts.corrected_meanwhile" && <Resign operation={operation} />}
      {failure && <Failure code={failure.code} params={failure.params} />}
      <div class={css.verbs}>
        <Button kind={reason.code === "acts.corrected_meanwhile" ? "secondary" : "primary"} busy={busy} onClick={() => void give(() => drop(operation.seq))}>
          {t("acts.decide_anew")}
        </Button>
        {!STALE.has(reason.code) && (
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
  return hasWords(key) ? t(key, { time }) : t("errors.acts.moved_meanwhile");
}

/** Trying the same once more cannot help. */
const STALE = new Set(["acts.moved_meanwhile", "acts.corrected_meanwhile", "acts.correction_gone", "acts.not_your_side"]);

/** What is not lost by the refusal. */
function kept({ kind, body }: Operation): string | undefined {
  if (kind === "decide") return t("acts.kept_scans");
  const text = typeof body === "object" && body !== null && "text" in body ? body.text : null;
  return typeof text === "string" && text ? t("acts.kept_words", { text }) : undefined;
}

/** The act was corrected after it was signed: what changed, and the same decision over the new act with one tap. */
function Resign({ operation }: { operation: Operation }): JSX.Element | null {
  const act = useSignal<Act | null>(null);
  const { busy, failure, run } = useAttempt();
  const id = operation.subject.slice("act:".length);
  const load = (): Promise<boolean> => run(async () => void (act.value = await fetchAct(id)));
  useEffect(() => void load(), [id]);
  const now = act.value;
  if (!now) return failure ? <Failure code={failure.code} params={failure.params} onRetry={() => void load()} /> : null;
  const applied = now.corrections.filter(({ state }) => state === "applied");
  const since = applied.filter(({ made_at: made }) => Date.parse(made) > operation.at);
  const { decision } = operation.body as { decision: Decision };
  // The new decision is on the device before the old one goes.
  const sign = (): Promise<boolean> => run(async () => void ((await signDecision(now, decision)) && (await drop(operation.seq))));
  return (
    <>
      {(since.length > 0 ? since : applied.slice(-1)).map(({ sha256, changes }) => (
        <ChangeList key={sha256} act={now} changes={changes} />
      ))}
      {failure && <Failure code={failure.code} params={failure.params} />}
      {AWAITED.includes(now.state) && (
        <Button kind="primary" icon="key" busy={busy} onClick={() => void sign()}>
          {t("acts.sign_anew")}
        </Button>
      )}
    </>
  );
}
