/** Acts that came and acts that were sent: as last loaded at once, then as the server has them. */

import { type Signal, signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type ActRow, type ActState, type Box, EVERYTHING, type Sought } from "../../api/acts";
import { formatDateTime, t } from "../../i18n";
import { actsVersion, fetchList, keepForOffline, recallList, searchLists } from "../../store/acts";
import { asked, useAttempt } from "../../store/attempt";
import { begunHere } from "../../store/drafts";
import { online } from "../../store/network";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { Badge, List, Row } from "../../ui/list";
import { Field, Select } from "../../ui/field";
import { Segmented } from "../../ui/segmented";
import { Empty, Failure, Loading, OfflineNote } from "../../ui/states";
import { OneAct } from "./act-row";
import { Days } from "./days";
import css from "./panes.module.css";
import { ACTIVE, DECIDED, RETURNED } from "./words";

/** What a list is asked for: by where an act stands, as people speak of it. */
const FILTERS = { active: ACTIVE, done: DECIDED, returned: [...RETURNED, "annulled"], all: [] } as const satisfies Record<string, readonly ActState[]>;
type Filter = keyof typeof FILTERS;
const NAMES = Object.keys(FILTERS) as Filter[];

interface Shown {
  acts: ActRow[];
  next: string | null;
  /** Milliseconds: when this was so. */
  at: number;
}

/** Milliseconds after the last key until the server is asked. */
const PAUSE = 300;

/** Which list stands beside an open act. */
export const box = signal<Box>("in");
const filter = signal<Filter>("active");
const sought = signal(EVERYTHING);
const shown = new Map<string, Signal<Shown | null>>();
const asking = asked();

/** What is looked for as one line, to be compared; empty when nothing is. */
function line({ text, from, to }: Sought): string {
  return [text.trim(), from, to].join("\n").replace(/^\n\n$/, "");
}

function soughtOf(wanted: string): Sought {
  const [text = "", from = "", to = ""] = wanted.split("\n");
  return { text, from, to };
}

function listed(wanted: string): Signal<Shown | null> {
  const name = `${box.value}:${filter.value}:${wanted}`;
  const known = shown.get(name) ?? signal<Shown | null>(null);
  // What was searched for is worth little later; the whole lists stay.
  if (wanted) for (const other of shown.keys()) if (!other.endsWith(":") && other !== name) shown.delete(other);
  shown.set(name, known);
  return known;
}

export function ActList({ current }: { current: string | null }): JSX.Element {
  const { failure, busy, run } = useAttempt();
  const begun = useSignal(false);
  const wanted = useSettled(line(sought.value));
  const list = listed(wanted);
  const load = async (cursor: string | null): Promise<void> => {
    const stands = cursor ? asking.further() : asking.anew();
    const page = await fetchList(box.value, filter.value, FILTERS[filter.value], cursor, soughtOf(wanted));
    if (!stands()) return;
    const before = cursor ? (list.value?.acts ?? []) : [];
    list.value = { acts: [...before, ...page.acts], next: page.next, at: Date.now() };
    if (can("acts:sign")) void keepForOffline(page.acts);
  };
  useEffect(() => {
    const kept = wanted ? searched(wanted) : recallList(box.value, filter.value);
    void kept.then((found) => {
      if (found && !list.value) list.value = found;
    });
    void run(() => load(null));
    void begunHere().then((there) => (begun.value = there));
  }, [box.value, filter.value, wanted, actsVersion.value]);
  const now = list.value;
  return (
    <>
      <div class={css.tools}>
        <Segmented
          label={t("acts.title")}
          value={box.value}
          options={[{ value: "in", text: t("acts.incoming") }, { value: "out", text: t("acts.outgoing") }]}
          onChange={(value) => (box.value = value)}
        />
        <div class={css.search} role="search">
          <Field label={t("acts.search")} placeholder={t("acts.search_text")} type="search" value={sought.value.text} maxLength={100} onInput={(text) => (sought.value = { ...sought.value, text })} />
          <Select label={t("acts.which_state")} value={filter.value} options={NAMES.map((value) => ({ value, text: t(`acts.filter_${value}`) }))} onChange={(value) => (filter.value = value)} />
          <Days from={sought.value.from} to={sought.value.to} onChange={(days) => (sought.value = { ...sought.value, ...days })} />
        </div>
      </div>
      {!online.value && now && <OfflineNote text={t("acts.as_of", { time: formatDateTime(now.at) })} />}
      {failure && !(now && failure.status === 0) && <Failure code={failure.code} params={failure.params} onRetry={() => void run(() => load(null))} />}
      {!now && !failure && <Loading rows={4} />}
      {begun.value && current !== "new" && <Unfinished />}
      {now && now.acts.length === 0 && <Nothing searching={wanted !== ""} />}
      {now && now.acts.length > 0 && (
        <List label={t(box.value === "in" ? "acts.incoming" : "acts.outgoing")}>
          {now.acts.map((act) => (
            <OneAct key={act.id} act={act} current={act.id === current} />
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

/** What is typed, once the person pauses. */
function useSettled(typed: string): string {
  const settled = useSignal(typed);
  useEffect(() => {
    const timer = setTimeout(() => (settled.value = typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled.value;
}

/** What this device knows, until the server has answered, and instead of it where there is no network. */
async function searched(wanted: string): Promise<Shown> {
  const acts = await searchLists(box.value, NAMES, FILTERS[filter.value], soughtOf(wanted));
  return { acts, next: null, at: Date.now() };
}

function Unfinished(): JSX.Element {
  return (
    <List>
      <Row href="/acts/new" icon="document" title={t("acts.unfinished")} text={t("acts.unfinished_text")} side={<Badge tone="care">{t("acts.state_draft")}</Badge>} />
    </List>
  );
}

function Nothing({ searching }: { searching: boolean }): JSX.Element {
  if (searching || filter.value === "done" || filter.value === "returned") return <Empty text={t("acts.none_found")} />;
  const words = filter.value === "active" ? (box.value === "in" ? "acts.none_waiting" : "acts.none_waiting_out") : box.value === "in" ? "acts.none_in" : "acts.none_out";
  return <Empty text={t(words)} />;
}
