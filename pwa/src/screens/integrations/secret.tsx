/** A secret that is shown this once, a program's key or a webhook's: the sheet closes only when its reader says that it is kept. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/sheet";
import css from "./integrations.module.css";

interface SecretProps {
  secret: string;
  title: string;
  hint: string;
  onDone: () => void;
}

export function Secret({ secret, title, hint, onDone }: SecretProps): JSX.Element {
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
      title={title}
      onClose={() => undefined}
      actions={
        <Button kind="primary" wide onClick={onDone}>
          {t("integrations.secret_done")}
        </Button>
      }
    >
      <p>{hint}</p>
      <code class={css.secret}>{secret}</code>
      <p role="status">
        <Button icon={copied.value ? "done" : "copy"} onClick={() => void copy()}>
          {t(copied.value ? "app.copied" : "app.copy")}
        </Button>
      </p>
    </Sheet>
  );
}
