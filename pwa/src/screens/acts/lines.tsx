/** The act against what was scanned: three counts that are also filters, and the lines behind the chosen one. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import type { Line } from "../../domain/acts";
import { formatNumber, t } from "../../i18n";
import { Button, IconButton } from "../../ui/button";
import css from "./acts.module.css";
import { LineSheet } from "./line-sheet";
import type { Receiving } from "./receiving";
import { productOf, ratio, short } from "./words";

type Show = "missing" | "found" | "extra";
const STEP = 50;

export function Lines({ act, work }: { act: Act; work: Receiving }): JSX.Element | null {
  const show = useSignal<Show>("missing");
  const most = useSignal(STEP);
  const chosen = useSignal<string | null>(null);
  const { seen, remarks, version } = work;
  if (!seen || version.value < 0) return null;
  const lines = seen.lines;
  const refused = remarks.value.refused;
  const listed = show.value === "extra" ? [] : lines.filter(({ found, expected }) => (show.value === "missing" ? found < expected : found === expected));
  const counts: [Show, number][] = [
    ["missing", seen.expected - seen.found],
    ["found", seen.found],
    ["extra", seen.extra.length],
  ];
  const total = show.value === "extra" ? seen.extra.length : listed.length;
  const line = lines.find(({ id }) => id === chosen.value);
  return (
    <>
      <progress class={css.bar} max={seen.expected} value={seen.found} aria-label={t("acts.progress")} />
      <div class={css.counts} role="group" aria-label={t("acts.progress")}>
        {counts.map(([what, count]) => (
          <button
            key={what}
            type="button"
            class={css.count}
            aria-pressed={show.value === what}
            onClick={() => {
              show.value = what;
              most.value = STEP;
            }}
          >
            <strong>
              <span aria-hidden="true">{SIGNS[what]} </span>
              {formatNumber(count)}
            </strong>
            <span>{t(`acts.${what}`)}</span>
          </button>
        ))}
      </div>
      {seen.products.size > 1 && show.value !== "extra" && <Products act={act} work={work} />}
      <ul class={css.lines}>
        {show.value === "extra"
          ? seen.extra.slice(0, most.value).map((code) => (
              <li key={code} class={css.line} data-kind="extra">
                <span class={css.sign} aria-hidden="true">
                  !
                </span>
                <span class={css.lineWords}>
                  <span>{short(code)}</span>
                  <span class={css.quiet}>{t("acts.not_in_act")}</span>
                </span>
                <IconButton name="bin" label={t("acts.take_out", { code: short(code) })} onClick={() => void work.forget(code)} />
              </li>
            ))
          : listed.slice(0, most.value).map((one) => (
              <li key={one.id}>
                <button type="button" class={css.line} data-kind={refused[one.id] ? "refused" : undefined} onClick={() => (chosen.value = one.id)}>
                  <span class={css.sign} aria-hidden="true">
                    {refused[one.id] ? "✕" : signOf(one)}
                  </span>
                  <span class={css.lineWords}>
                    <span>{short(one.id)}</span>
                    <span class={css.quiet}>{lineText(act, one, work)}</span>
                  </span>
                  <span class={css.share}>{ratio(one)}</span>
                </button>
              </li>
            ))}
      </ul>
      {total === 0 && <p class={css.quiet}>{t(`acts.no_${show.value}`)}</p>}
      {total > most.value && (
        <Button wide onClick={() => (most.value += STEP)}>
          {t("app.more")}
        </Button>
      )}
      {line && <LineSheet act={act} line={line} work={work} onClose={() => (chosen.value = null)} />}
    </>
  );
}

const SIGNS: Record<Show, string> = { missing: "○", found: "✓", extra: "!" };

function signOf({ found, expected }: Line): string {
  if (found === expected) return "✓";
  return found > 0 ? "◐" : "○";
}

function lineText(act: Act, line: Line, { remarks }: Receiving): string {
  const why = remarks.value.refused[line.id] ?? remarks.value.lines[line.id];
  const name = productOf(act, line.card);
  return why ? `${name} · ${why.reason === "other" ? why.words : t(`acts.reason_${why.reason}`)}` : name;
}

function Products({ act, work: { seen } }: { act: Act; work: Receiving }): JSX.Element {
  return (
    <ul class={css.goods}>
      {[...(seen?.products ?? [])].map(([card, { found, expected }]) => (
        <li key={card}>
          <span>{productOf(act, card)}</span>
          <span class={css.share}>{ratio({ found, expected })}</span>
        </li>
      ))}
    </ul>
  );
}
