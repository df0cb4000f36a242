/** The last scan in words, with a sign that needs no colour: what was it, and what became of it. */

import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import type { Reconciliation } from "../../domain/acts";
import { formatNumber, t } from "../../i18n";
import type { ScanTone } from "../../scanner";
import css from "./acts.module.css";
import type { Heard, Receiving } from "./receiving";
import { productOf, ratio, short } from "./words";

const SIGNS: Record<ScanTone, string> = { ok: "✓", stop: "!", duplicate: "=", neutral: "?" };

interface LastScanProps {
  tone: ScanTone;
  words: string;
  /** How far it has come with this scan. */
  far?: string | null;
  /** Instead of the tone's own. */
  sign?: string;
}

export function LastScan({ tone, words, far, sign = SIGNS[tone] }: LastScanProps): JSX.Element {
  return (
    <div class={css.heard} data-tone={tone} role="status">
      <span class={css.sign} aria-hidden="true">
        {sign}
      </span>
      <span class={css.heardWords}>
        <span>{words}</span>
        {far && <span class={css.quiet}>{far}</span>}
      </span>
    </div>
  );
}

export function HeardLine({ act, work }: { act: Act; work: Receiving }): JSX.Element {
  const { seen, heard, sample } = work;
  const last = heard.value;
  const [tone, words] = last ? said(act, last) : (["neutral", t("acts.heard_nothing")] as const);
  return <LastScan tone={tone} words={words} far={seen && far(seen, sample.value)} />;
}

/** How far all has come, or the sample, where one is checked. */
function far(seen: Reconciliation, sample: number | null): string {
  if (sample === null) return ratio(seen);
  const good = seen.found >= sample && seen.extra.length === 0;
  return good ? t("acts.sample_done") : t("acts.sample_so_far", { found: seen.found, sample });
}

function said(act: Act, { code, result }: Heard): readonly [ScanTone, string] {
  const what = short(code);
  switch (result.kind) {
    case "found":
      return ["ok", t("acts.heard_found", { product: productOf(act, result.unit.card), code: what })];
    case "box":
      if (result.inner > 0) return ["ok", t("acts.heard_pallet", { code: what, boxes: formatNumber(result.inner), count: result.fresh })];
      return ["ok", t("acts.heard_box", { code: what, count: result.fresh })];
    case "duplicate":
      return ["duplicate", t("acts.heard_again", { code: what })];
    case "extra":
      return ["stop", t("acts.heard_extra", { code: what })];
    default:
      return ["neutral", t("acts.heard_no_mark")];
  }
}
