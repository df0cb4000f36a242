/** Passes a verdict on as the link of that code, so that whoever gets it asks the register anew. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { digitalLink } from "../../domain/gs1";
import { t } from "../../i18n";
import type { Check } from "../../store/history";
import { Button } from "../../ui/button";
import { productName, type Said } from "../../verdict/words";

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
  return (
    <Button icon={copied.value ? "done" : "share"} wide onClick={() => void share()}>
      {copied.value ? t("verdict.link_copied") : t("verdict.share")}
    </Button>
  );
}
