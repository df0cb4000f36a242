/** The operator's desk for registrations: the queue by deadline, and beside it, or instead of it on a phone, one application. */

import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { DeskRow, DeskState } from "../../api/desk";
import { hasWords, lang, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { Badge, List, Row } from "../../ui/list";
import { Page } from "../../ui/page";
import { Segmented } from "../../ui/segmented";
import { Empty, Failure, Loading, Note, OfflineNote } from "../../ui/states";
import { Deadline } from "./deadline";
import { Detail } from "./detail";
import css from "./desk.module.css";
import { choose, decided, loadMore, loadQueue, queue, state } from "./queue";

const LOOK_AGAIN = 30_000;
const STATES: readonly DeskState[] = ["submitted", "approved", "refused"];

export default function Desk(): JSX.Element {
  const { path } = useLocation();
  const id = path.split("/")[2] ?? null;
  if (!can("registrations:review")) {
    return (
      <Page title={t("registration.desk")} back={{ href: "/home", text: t("app.home") }}>
        <Failure code="identity.not_allowed" />
      </Page>
    );
  }
  return (
    <Page wide title={t("registration.desk")} back={id ? { href: "/desk", text: t("registration.desk_queue") } : { href: "/home", text: t("app.home") }}>
      {!online.value && <OfflineNote />}
      <Said />
      <div class={css.panes} data-open={id !== null}>
        <Queue current={id} />
        <div class={css.detail}>{id ? <Detail key={id} id={id} /> : <p class={css.choose}>{t("registration.desk_choose")}</p>}</div>
      </div>
    </Page>
  );
}

function Said(): JSX.Element {
  const last = decided.value;
  return (
    <div role="status" class={css.said}>
      {last && <Note tone="ok">{t(`registration.desk_${last.outcome}_done`, { name: last.names[lang.value] })}</Note>}
    </div>
  );
}

function Queue({ current }: { current: string | null }): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const wanted = state.value;
  const load = (): void => void run(loadQueue);
  useEffect(() => {
    load();
    const timer = setInterval(() => document.visibilityState === "visible" && void loadQueue().catch(() => undefined), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [wanted]);
  const page = queue.value;
  return (
    <div class={css.queue}>
      <Segmented
        label={t("registration.desk_show")}
        value={wanted}
        options={STATES.map((value) => ({ value, text: words(value, page?.waiting) }))}
        onChange={choose}
      />
      {failure && <Failure code={failure.code} onRetry={load} />}
      {!page && !failure && <Loading rows={4} />}
      {page?.registrations.length === 0 && <Empty text={t(wanted === "submitted" ? "registration.desk_empty" : "registration.desk_none")} />}
      {page && page.registrations.length > 0 && (
        <List label={t("registration.desk")}>
          {page.registrations.map((row) => (
            <Row
              key={row.id}
              href={`/desk/${row.id}`}
              title={row.names[lang.value]}
              text={
                <span class={css.about}>
                  {about(row)}
                  {wanted === "submitted" && <Deadline {...row} now={Date.now()} />}
                  {wanted !== "submitted" && row.test && <Badge tone="care">{t("registration.test")}</Badge>}
                </span>
              }
              current={row.id === current}
            />
          ))}
        </List>
      )}
      {page?.cursor && (
        <Button busy={busy} onClick={() => void run(loadMore)}>
          {t("app.more")}
        </Button>
      )}
    </div>
  );
}

function words(value: DeskState, waiting: number | undefined): string {
  const text = t(`registration.desk_${value}`);
  return value === "submitted" && waiting ? `${text} · ${waiting}` : text;
}

function about({ bin, kind, trade, purpose, attempt }: DeskRow): string {
  const key = `registration.kind_${trade ?? kind ?? ""}`;
  const parts = [
    bin ? `${t("registration.bin")} ${bin}` : t("registration.sole_trader"),
    purpose === "head_change" ? t("registration.head_change") : hasWords(key) ? t(key) : "",
    attempt > 1 ? t("registration.desk_attempt", { number: attempt }) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}
