/** The code that was judged, without its tail: shortened to the eye, whole to the clipboard. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../../i18n";
import type { Check } from "../../store/history";
import { Icon } from "../../ui/icons";
import { shortened } from "../../verdict/row";
import css from "./facts.module.css";

export function CodeLine({ check }: { check: Check }): JSX.Element | null {
  const copied = useSignal(false);
  const { kind } = check.answer.parsed;
  if (!check.code) return null;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(check.code);
      copied.value = true;
    } catch {
      // No permission: the code can still be selected by hand.
    }
  };
  return (
    <div class={css.code}>
      <div class={css.codeWords}>
        <span class={css.codeLabel}>{t(LABELS[kind] ?? "verdict.code")}</span>
        <bdi class={css.codeText} translate={false} title={check.code}>
          {shortened(check.code)}
        </bdi>
      </div>
      <button type="button" class={css.copy} onClick={() => void copy()} aria-label={t("verdict.copy")} title={t("verdict.copy")}>
        <Icon name={copied.value ? "done" : "copy"} />
      </button>
      <span class="visually-hidden" role="status">
        {copied.value && t("verdict.copied")}
      </span>
    </div>
  );
}

const LABELS = {
  package: "verdict.sscc",
  fur: "verdict.fur_mark",
  gtin: "verdict.barcode",
  other: "verdict.scanned",
  elements: "verdict.scanned",
  unreadable: "verdict.scanned",
} as Record<string, "verdict.sscc" | "verdict.fur_mark" | "verdict.barcode" | "verdict.scanned">;
