/** Own checks on this device: by day, searchable, erasable. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { fold, formatDate, formatTime, t } from "../../i18n";
import { open } from "../../store/checking";
import { type Check, forget, historyVersion, recall } from "../../store/history";
import { Button, IconButton } from "../../ui/button";
import { Tamga } from "../../ui/icons";
import { VerdictRow } from "../../verdict/row";
import { outcomeWords, productName } from "../../verdict/words";
import { EraseAll } from "./erase";
import css from "./history.module.css";

export default function History(): JSX.Element {
  const checks = useSignal<readonly Check[] | null>(null);
  const wanted = useSignal("");
  const { route } = useLocation();
  const version = historyVersion.value;
  useEffect(() => {
    void recall().then((all) => (checks.value = all));
  }, [version]);

  const all = checks.value;
  if (all === null) return <div class={css.page} aria-busy="true" />;
  const found = all.filter((check) => matches(check, wanted.value));
  return (
    <div class={css.page}>
      <h1>{t("history.title")}</h1>
      <p class={css.private}>{t("history.private")}</p>
      {all.length === 0 ? (
        <Empty />
      ) : (
        <>
          <input
            class={css.search}
            type="search"
            value={wanted.value}
            onInput={(event) => (wanted.value = event.currentTarget.value)}
            placeholder={t("history.search")}
            aria-label={t("history.search")}
          />
          {found.length === 0 && <p role="status">{t("history.nothing")}</p>}
          {byDay(found).map(([day, entries]) => (
            <section key={day}>
              <h2 class={css.day}>{day}</h2>
              <ul class={css.rows}>
                {entries.map((check) => (
                  <li key={check.id} class={css.entry}>
                    <VerdictRow
                      check={check}
                      now={Date.now()}
                      onOpen={() => {
                        open(check);
                        route("/");
                      }}
                    >
                      {smallPrint(check)}
                    </VerdictRow>
                    <IconButton name="bin" label={t("history.erase_one")} onClick={() => void forget(check.id)} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
          <EraseAll />
        </>
      )}
    </div>
  );
}

function Empty(): JSX.Element {
  return (
    <div class={css.empty}>
      <Tamga class={css.drawing} />
      <p class={css.emptyWords}>{t("history.empty")}</p>
      <Button kind="primary" icon="scan" href="/">
        {t("history.empty_action")}
      </Button>
    </div>
  );
}

function smallPrint(check: Check): string {
  const parts = [formatTime(check.at)];
  if (check.pending) parts.push(t("history.pending"));
  if (check.before) parts.push(t("history.refined"));
  return parts.join(" · ");
}

/** People type Kazakh names without Kazakh keys, so both sides are folded. */
function matches(check: Check, wanted: string): boolean {
  const text = fold([productName(check), check.code, outcomeWords(check.answer.outcome)].join(" "));
  return fold(wanted).split(/\s+/).every((word) => text.includes(word));
}

function byDay(checks: readonly Check[]): [string, Check[]][] {
  const today = formatDate(Date.now());
  const yesterday = formatDate(Date.now() - 24 * 3600_000);
  const days = new Map<string, Check[]>();
  for (const check of checks) {
    const date = formatDate(check.at);
    const day = date === today ? t("history.today") : date === yesterday ? t("history.yesterday") : date;
    days.set(day, [...(days.get(day) ?? []), check]);
  }
  return [...days];
}
