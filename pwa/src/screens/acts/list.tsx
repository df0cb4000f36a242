/** Acts that came and acts that were sent: as last loaded at once, then as the server has them. */

import { type Signal, signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ActRow, Box } from "../../api/acts";
import { formatDateTime, t } from "../../i18n";
import { actsVersion, fetchList, keepForOffline, recallList } from "../../store/acts";
import { useAttempt } from "../../store/attempt";
import { begunHere } from "../../store/drafts";
import { online } from "../../store/network";
import { outbox } from "../../store/outbox";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { Badge, List, Row } from "../../ui/list";
import { Segmented } from "../../ui/segmented";
import { Empty, Failure, Loading, OfflineNote } from "../../ui/states";
import { ACTIVE, day, deadline, other, TONES } from "./words";

type Filter = "active" | "all";

interface Shown {
  acts: ActRow[];
  next: string | null;
  /** Milliseconds: when this was so. */
  at: number;
}

/** Which list stands beside an open act. */
export const box = signal<Box>("in");
const filter = signal<Filter>("active");
const shown = new Map<string, Signal<Shown | null>>();

function listed(): Signal<Shown | null> {
  const name = `${box.value}:${filter.value}`;
  const known = shown.get(name) ?? signal<Shown | null>(null);
  shown.set(name, known);
  return known;
}

export function ActList({ current }: { current: string | null }): JSX.Element {
  const { failure, busy, run } = useAttempt();
  const begun = useSignal(false);
  const list = listed();
  const load = async (cursor: string | null): Promise<void> => {
    const states = filter.value === "active" ? ACTIVE : [];
    const page = await fetchList(box.value, filter.value, states, cursor);
    const before = cursor ? (list.value?.acts ?? []) : [];
    list.value = { acts: [...before, ...page.acts], next: page.next, at: Date.now() };
    if (can("acts:sign")) void keepForOffline(page.acts);
  };
  useEffect(() => {
    void recallList(box.value, filter.value).then((kept) => {
      if (kept && !list.value) list.value = kept;
    });
    void run(() => load(null));
    void begunHere().then((there) => (begun.value = there));
  }, [box.value, filter.value, actsVersion.value]);
  const now = list.value;
  return (
    <>
      <Segmented
        label={t("acts.title")}
        value={box.value}
        options={[{ value: "in", text: t("acts.incoming") }, { value: "out", text: t("acts.outgoing") }]}
        onChange={(value) => (box.value = value)}
      />
      <Segmented
        compact
        label={t("acts.which")}
        value={filter.value}
        options={[{ value: "active", text: t("acts.active") }, { value: "all", text: t("acts.all") }]}
        onChange={(value) => (filter.value = value)}
      />
      {!online.value && now && <OfflineNote text={t("acts.as_of", { time: formatDateTime(now.at) })} />}
      {failure && !(now && failure.status === 0) && <Failure code={failure.code} params={failure.params} onRetry={() => void run(() => load(null))} />}
      {!now && !failure && <Loading rows={4} />}
      {begun.value && current !== "new" && <Unfinished />}
      {now && now.acts.length === 0 && <Nothing />}
      {now && now.acts.length > 0 && (
        <List label={t(box.value === "in" ? "acts.incoming" : "acts.outgoing")}>
          {now.acts.map((act) => (
            <One key={act.id} act={act} current={act.id === current} />
          ))}
        </List>
      )}
      {now?.next && (
        <Button wide busy={busy} onClick={() => void run(() => load(now.next))}>
          {t("app.more")}
        </Button>
      )}
    </>
  );
}

function One({ act, current }: { act: ActRow; current: boolean }): JSX.Element {
  const due = deadline(act);
  const words = [t("acts.number", { number: act.number }), t("acts.units", { count: act.units }), day(act)];
  const fresh = act.state === "sent" && act.ours === "receiver";
  return <Row href={`/acts/${act.id}`} title={other(act)} text={[...words, due].filter(Boolean).join(" · ")} side={<State act={act} />} current={current} fresh={fresh} />;
}

/** What waits on this device comes before what the server knows. */
export function State({ act }: { act: ActRow }): JSX.Element {
  const waiting = outbox.value.filter(({ subject }) => subject === `act:${act.id}`);
  if (waiting.some(({ refused }) => refused)) return <Badge tone="stop">{t("acts.needs_you")}</Badge>;
  if (waiting.length > 0) return <Badge tone="care">{t("acts.queued")}</Badge>;
  return <Badge tone={TONES[act.state]}>{t(`acts.state_${act.state}`)}</Badge>;
}

function Unfinished(): JSX.Element {
  return (
    <List>
      <Row href="/acts/new" icon="document" title={t("acts.unfinished")} text={t("acts.unfinished_text")} side={<Badge tone="care">{t("acts.state_draft")}</Badge>} />
    </List>
  );
}

function Nothing(): JSX.Element {
  const words = filter.value === "active" ? (box.value === "in" ? "acts.none_waiting" : "acts.none_waiting_out") : box.value === "in" ? "acts.none_in" : "acts.none_out";
  return <Empty text={t(words)} />;
}
