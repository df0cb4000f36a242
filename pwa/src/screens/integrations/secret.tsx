/** A program's key, shown this once: the sheet closes only when its reader says that it is kept. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/sheet";
import css from "./integrations.module.css";

export function Secret({ secret, onDone }: { secret: string; onDone: () => void }): JSX.Element {
  const copied = useSignal(false);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(secret);
      copied.value = true;
    } catch {
      // The browser refuses; the text is there to be marked and copied by hand.
    }
  }

  return (
    <Sheet
      title={t("integrations.secret_title")}
      onClose={() => undefined}
      actions={
        <Button kind="primary" wide onClick={onDone}>
          {t("integrations.secret_done")}
        </Button>
      }
    >
      <p>{t("integrations.secret_hint")}</p>
      <code class={css.secret}>{secret}</code>
      <p role="status">
        <Button icon={copied.value ? "done" : "copy"} onClick={() => void copy()}>
          {t(copied.value ? "app.copied" : "app.copy")}
        </Button>
      </p>
    </Sheet>
  );
}
