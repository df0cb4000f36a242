/** One act: from the device at once, then as the server has it; whoever looks sees what is theirs to do. */

import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Act } from "../../api/acts";
import { formatDateTime, t } from "../../i18n";
import { actsVersion, fetchAct, recallAct, receives, sends } from "../../store/acts";
import { useAttempt } from "../../store/attempt";
import { online, onReconnect } from "../../store/network";
import { can } from "../../store/session";
import { Page } from "../../ui/page";
import { Failure, Loading, OfflineNote } from "../../ui/states";
import { Draft } from "./draft";
import { box } from "./list";
import { Panes } from "./panes";
import { Pending } from "./pending";
import { Receive } from "./receive";
import { Scanned } from "./scanned";
import { Show, Standing } from "./show";
import { Undone } from "./undone";
import { AWAITED, title } from "./words";

/** How often an open act is looked at again while somebody else may change it. */
const EVERY = 15_000;

export function OpenAct({ id }: { id: string }): JSX.Element {
  const kept = useSignal<{ act: Act; at: number } | null>(null);
  const { failure, again } = useAct(id, kept);
  const act = kept.value?.act ?? null;
  // The list beside shows the side that this act is on; whoever switches it afterwards is not overruled.
  useEffect(() => {
    if (act) box.value = receives(act) ? "in" : "out";
  }, [act?.id]);
  const back = { href: "/acts", text: t("acts.title") };
  if (act?.state === "draft" && sends(act) && can("acts:sign")) return <Draft key={act.id} act={act} />;
  const deciding = act !== null && receives(act) && AWAITED.includes(act.state) && can("acts:sign");
  return (
    <Page wide title={act ? title(act) : t("acts.act")} back={back}>
      <Panes current={id}>
        {act && kept.value && !online.value && <OfflineNote text={t("acts.as_of", { time: formatDateTime(kept.value.at) })} />}
        {failure && !(act && failure.status === 0) && <Failure code={failure.code} params={failure.params} onRetry={again} />}
        {!act && !failure && <Loading rows={5} />}
        {act && (
          <>
            <Standing act={act} />
            <Undone act={act} />
            <Pending id={act.id} units={act.units} again={again} />
            <Scanned act={act} />
            {deciding && <Receive key={act.sha256 ?? act.id} act={act} />}
            <Show act={act} again={again} deciding={deciding} />
          </>
        )}
      </Panes>
    </Page>
  );
}

/** Keeps the act in step with the device and the server. */
function useAct(id: string, kept: Signal<{ act: Act; at: number } | null>): { failure: ReturnType<typeof useAttempt>["failure"]; again: () => void } {
  const { failure, run } = useAttempt();
  const again = (): void =>
    void run(async () => {
      kept.value = { act: await fetchAct(id), at: Date.now() };
    });
  useEffect(() => {
    void recallAct(id).then((found) => {
      if (found && found.at >= (kept.value?.at ?? 0)) kept.value = found;
    });
  }, [id, actsVersion.value]);
  useEffect(() => {
    again();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && online.value && kept.value && kept.value.act.state !== "draft") void fetchAct(id).catch(() => undefined);
    }, EVERY);
    const stop = onReconnect(again);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [id]);
  return { failure, again };
}
