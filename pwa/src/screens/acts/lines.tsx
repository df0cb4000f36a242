/** The act against what was scanned: three counts that are also filters, and the lines behind the chosen one. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import type { Line } from "../../domain/acts";
import { formatNumber, t } from "../../i18n";
import { IconButton } from "../../ui/button";
import { LongList } from "../../ui/long-list";
import css from "./acts.module.css";
import { LineSheet } from "./line-sheet";
import type { Receiving } from "./receiving";
import { productOf, ratio, short } from "./words";

type Show = "missing" | "found" | "extra";

export function Lines({ act, work }: { act: Act; work: Receiving }): JSX.Element | null {
  const show = useSignal<Show>("missing");
  const chosen = useSignal<string | null>(null);
  const { seen, version } = work;
  if (!seen || version.value < 0) return null;
  const counts: [Show, number][] = [
    ["missing", seen.expected - seen.found],
    ["found", seen.found],
    ["extra", seen.extra.length],
  ];
  const whole = show.value === "found";
  const rows = show.value === "extra" ? seen.extra.length : seen.lineCount(whole);
  const line = chosen.value === null ? undefined : seen.lineCalled(chosen.value);
  return (
    <>
      <progress class={css.bar} max={seen.expected} value={seen.found} aria-label={t("acts.progress")} />
      <div class={css.counts} role="group" aria-label={t("acts.progress")}>
        {counts.map(([what, count]) => (
          <button key={what} type="button" class={css.count} aria-pressed={show.value === what} onClick={() => (show.value = what)}>
            <strong>
              <span aria-hidden="true">{SIGNS[what]} </span>
              {formatNumber(count)}
            </strong>
            <span>{t(`acts.${what}`)}</span>
          </button>
        ))}
      </div>
      {seen.products.size > 1 && show.value !== "extra" && <Products act={act} work={work} />}
      {show.value === "extra" ? (
        <LongList
          key="extra"
          label={t("acts.extra")}
          count={rows}
          name={(at) => seen.extra[at] ?? ""}
          row={(at) => <Stranger code={seen.extra[at] ?? ""} work={work} />}
        />
      ) : (
        <LongList
          key={show.value}
          label={t(`acts.${show.value}`)}
          count={rows}
          name={(at) => seen.line(at, whole)?.id ?? ""}
          row={(at) => <One act={act} line={seen.line(at, whole)} work={work} onOpen={(id) => (chosen.value = id)} />}
        />
      )}
      {rows === 0 && <p class={css.quiet}>{t(`acts.no_${show.value}`)}</p>}
      {line && <LineSheet act={act} line={line} work={work} onClose={() => (chosen.value = null)} />}
    </>
  );
}

interface OneProps {
  act: Act;
  line: Line | undefined;
  work: Receiving;
  onOpen: (id: string) => void;
}

function One({ act, line, work, onOpen }: OneProps): JSX.Element {
  if (!line) return <></>;
  const refused = work.remarks.value.refused[line.id];
  return (
    <button type="button" class={css.line} data-kind={refused ? "refused" : undefined} onClick={() => onOpen(line.id)}>
      <span class={css.sign} aria-hidden="true">
        {refused ? "✕" : signOf(line)}
      </span>
      <span class={css.rowWords}>
        <span>{short(line.id)}</span>
        <span class={css.quiet}>{lineText(act, line, work)}</span>
      </span>
      <span class={css.share}>{ratio(line)}</span>
    </button>
  );
}

function Stranger({ code, work }: { code: string; work: Receiving }): JSX.Element {
  return (
    <div class={css.line} data-kind="extra">
      <span class={css.sign} aria-hidden="true">
        !
      </span>
      <span class={css.rowWords}>
        <span>{short(code)}</span>
        <span class={css.quiet}>{t("acts.not_in_act")}</span>
      </span>
      <IconButton name="bin" label={t("acts.take_out", { code: short(code) })} onClick={() => void work.forget(code)} />
    </div>
  );
}

/** Products shown beside the lines. */
const SOME = 12;
const SIGNS: Record<Show, string> = { missing: "○", found: "✓", extra: "!" };

function signOf({ found, expected }: Line): string {
  if (found === expected) return "✓";
  return found > 0 ? "◐" : "○";
}

function lineText(act: Act, line: Line, { remarks }: Receiving): string {
  const why = remarks.value.refused[line.id] ?? remarks.value.lines[line.id];
  const said = why && (why.reason === "other" ? why.words : t(`acts.reason_${why.reason}`));
  const around = line.around && short(`00${line.around}`);
  return [productOf(act, line.card), around && t("acts.on_pallet", { code: around }), said].filter(Boolean).join(" · ");
}

/** How far each product came; of very many, those that are not whole come first. */
function Products({ act, work: { seen } }: { act: Act; work: Receiving }): JSX.Element {
  const all = [...(seen?.products ?? [])];
  const shown = all.length > SOME ? all.filter(([, { found, expected }]) => found < expected).slice(0, SOME) : all;
  return (
    <ul class={css.goods}>
      {shown.map(([card, { found, expected }]) => (
        <li key={card}>
          <span>{productOf(act, card)}</span>
          <span class={css.share}>{ratio({ found, expected })}</span>
        </li>
      ))}
      {all.length > shown.length && <li>{t("acts.and_more", { count: all.length - shown.length })}</li>}
    </ul>
  );
}
