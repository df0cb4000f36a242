/** Passes a verdict on as the link of that code, so that whoever gets it asks the register anew. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { digitalLink } from "../../domain/gs1";
import { t } from "../../i18n";
import type { Check } from "../../store/history";
import { Icon } from "../../ui/icons";
import { productName, type Said } from "../../verdict/words";
import css from "./verdict.module.css";

export function ShareButton({ check, said }: { check: Check; said: Said }): JSX.Element | null {
  const copied = useSignal(false);
  const { kind, gtin, serial } = check.answer.parsed;
  if (kind !== "mark" || !gtin || !serial) return null;
  const url = digitalLink(location.origin, gtin, serial);
  const text = [said.word, said.outcome, productName(check)].filter(Boolean).join(". ");

  const share = async (): Promise<void> => {
    try {
      if ("share" in navigator) {
        await navigator.share({ title: t("app.name"), text, url });
      } else {
        await (navigator as Navigator).clipboard.writeText(url);
        copied.value = true;
      }
    } catch {
      // Closed without choosing, or not permitted: nothing to say.
    }
  };
  const label = copied.value ? t("verdict.link_copied") : t("verdict.share");
  return (
    <button type="button" class={css.share} onClick={() => void share()} aria-label={label} title={label}>
      <Icon name={copied.value ? "done" : "share"} />
    </button>
  );
}
