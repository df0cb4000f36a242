/** Receiving: scan what came and see at once what is there, what is not and what should not be; then decide. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Act } from "../../api/acts";
import { acceptAll, type Decision } from "../../domain/act-decision";
import { t } from "../../i18n";
import { Scanner } from "../../scanner";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Failure, Note } from "../../ui/states";
import css from "./acts.module.css";
import { Deciding } from "./deciding";
import { useHandScanner } from "./hand-scanner";
import { HeardLine } from "./heard";
import { Lines } from "./lines";
import { waits } from "./pending";
import { type Receiving, useReceiving } from "./receiving";
import { Rejecting } from "./rejecting";
import { SampleSoFar, Sampling } from "./sampling";
import { Earlier } from "./scanned";
import { signDecision } from "./sign";

type Open = "found" | "reject" | "sample" | null;

export function Receive({ act }: { act: Act }): JSX.Element | null {
  const work = useReceiving(act);
  const scanning = useSignal(false);
  const open = useSignal<Open>(null);
  const stage = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (scanning.value) stage.current?.scrollIntoView({ block: "start" });
  }, [scanning.value]);
  const { busy, failure, run } = useAttempt();
  const done = waits(act.id);
  const { seen } = work;
  const began = work.began.value;
  useHandScanner(!done && !(scanning.value && open.value === null), open.value === null && !busy && seen ? work.scan : null);
  const decide = async (decision: Decision): Promise<void> => {
    scanning.value = false;
    await run(async () => {
      if (!(await signDecision(act, decision))) return;
      open.value = null;
      // What becomes of it is said at the head of the page.
      scrollTo(0, 0);
    });
  };
  if (done) return null;
  return (
    <>
      {scanning.value && (
        <div class={css.stage} ref={stage}>
          <Scanner
            mode="bulk"
            active={open.value === null}
            hint={t("acts.scan_hint")}
            onScan={({ text, symbology, located }) => (located ? undefined : work.scan(text, symbology))}
            onRepeat={({ text, symbology }) => void work.scan(text, symbology)}
          >
            <HeardLine act={act} work={work} />
          </Scanner>
        </div>
      )}
      {!scanning.value && work.heard.value && <HeardLine act={act} work={work} />}
      {!began && <Earlier act={act} work={work} />}
      <SampleSoFar work={work} />
      {(scanning.value || began) && seen && <Lines act={act} work={work} />}
      <Contents act={act} work={work} />
      {failure && open.value === null && <Failure code={failure.code} params={failure.params} kept={t("acts.kept_scans")} />}
      <div class={css.decide}>
        {scanning.value ? (
          <Button onClick={() => (scanning.value = false)}>{t("acts.stop_scanning")}</Button>
        ) : (
          <Button kind={began ? "secondary" : "primary"} icon="scan" disabled={!seen} onClick={() => (scanning.value = true)}>
            {t("acts.scan")}
          </Button>
        )}
        {began ? (
          <Button kind="primary" icon="done" busy={busy} onClick={() => (open.value = "found")}>
            {t("acts.to_decision")}
          </Button>
        ) : (
          !scanning.value && (
            <Button icon="done" busy={busy} onClick={() => void decide(acceptAll(act.units, 0, act.receiver_place_id))}>
              {t("acts.accept_all")}
            </Button>
          )
        )}
      </div>
      {!scanning.value && (
        <div class={css.verbs}>
          {began && <Button onClick={() => void work.reset()}>{t("acts.start_over")}</Button>}
          {work.sample.value === null && act.units > 1 && (
            <Button icon="scan" disabled={!seen} onClick={() => (open.value = "sample")}>
              {t("acts.sample")}
            </Button>
          )}
          <Button icon="close" onClick={() => (open.value = "reject")}>
            {t("acts.reject_all")}
          </Button>
        </div>
      )}
      {open.value === "found" && seen && (
        <Deciding act={act} work={work} seen={seen} busy={busy} failure={failure} onDecide={(decision) => void decide(decision)} onClose={() => (open.value = null)} />
      )}
      {open.value === "sample" && (
        <Sampling
          units={act.units}
          onBegin={(count) => {
            work.take(count);
            open.value = null;
            scanning.value = true;
          }}
          onClose={() => (open.value = null)}
        />
      )}
      {open.value === "reject" && (
        <Rejecting seen={seen} busy={busy} failure={failure} onDecide={(decision) => void decide(decision)} onClose={() => (open.value = null)} />
      )}
    </>
  );
}

/** Whether the contents lie on this device, so that a cellar without network does not matter. */
function Contents({ act, work: { seen, failure, loaded, again } }: { act: Act; work: Receiving }): JSX.Element | null {
  if (failure) {
    return online.value ? <Failure code={failure.code} params={failure.params} onRetry={again} /> : <Note tone="care">{t("acts.not_on_device")}</Note>;
  }
  if (seen) return null;
  return (
    <div class={css.form}>
      <progress class={css.bar} max={act.units} value={loaded} aria-label={t("acts.loading_contents", { count: loaded })} />
      <p class={css.quiet} role="status">
        {t("acts.loading_contents", { count: loaded })}
      </p>
    </div>
  );
}
