/** The last scan in words, with a sign that needs no colour: what was it, and what became of it. */

import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import type { Reconciliation } from "../../domain/acts";
import { formatNumber, t } from "../../i18n";
import css from "./acts.module.css";
import type { Heard } from "./receiving";
import { productOf, ratio, short } from "./words";

type Tone = "ok" | "stop" | "duplicate" | "neutral";
const SIGNS: Record<Tone, string> = { ok: "✓", stop: "!", duplicate: "=", neutral: "?" };

export function HeardLine({ act, heard, seen }: { act: Act; heard: Heard | null; seen: Reconciliation | null }): JSX.Element {
  const [tone, words] = heard ? said(act, heard) : (["neutral", t("acts.heard_nothing")] as const);
  return (
    <div class={css.heard} data-tone={tone} role="status">
      <span class={css.sign} aria-hidden="true">
        {SIGNS[tone]}
      </span>
      <span>
        {words}
        {seen && heard && <span class={css.quiet}> {ratio(seen)}</span>}
      </span>
    </div>
  );
}

function said(act: Act, { code, result }: Heard): readonly [Tone, string] {
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
