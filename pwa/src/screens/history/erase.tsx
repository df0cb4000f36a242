/** Erasing everything asks once, in place: no dialog, and the safe answer stands first. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { forgetAll } from "../../store/history";
import { Button } from "../../ui/button";
import css from "./history.module.css";

export function EraseAll(): JSX.Element {
  const asking = useSignal(false);
  if (!asking.value) {
    return (
      <div class={css.erase}>
        <Button icon="bin" onClick={() => (asking.value = true)}>
          {t("history.erase")}
        </Button>
      </div>
    );
  }
  return (
    <div class={css.erase} role="group" aria-label={t("history.erase")}>
      <p role="alert">{t("history.erase_sure")}</p>
      <div class={css.choice}>
        <Button onClick={() => (asking.value = false)}>{t("history.erase_no")}</Button>
        <Button kind="danger" icon="bin" onClick={() => void forgetAll()}>
          {t("history.erase_yes")}
        </Button>
      </div>
    </div>
  );
}
