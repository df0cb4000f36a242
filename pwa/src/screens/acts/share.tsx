/** The act's address, to be handed to the other side. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import css from "./acts.module.css";

export function Share({ id, number }: { id: string; number: string }): JSX.Element {
  const copied = useSignal(false);
  const url = `${location.origin}/acts/${id}`;
  const share = async (): Promise<void> => {
    try {
      if (typeof navigator.share === "function") await navigator.share({ title: t("acts.act_number", { number }), url });
      else await copy();
    } catch {
      // The person closed the sheet of the system; the address still stands below.
    }
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(url);
    copied.value = true;
  };
  return (
    <div class={css.form}>
      <p class={css.link}>{url}</p>
      <Button icon={copied.value ? "done" : "share"} onClick={() => void share()}>
        {t(copied.value ? "acts.copied" : "acts.share")}
      </Button>
    </div>
  );
}
