/** A step that takes long: what the server is doing, and since when; it goes on when the screen is left. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import css from "./acts.module.css";

/** Seconds after which a person begins to wonder. */
const LONG = 4;

/** From the moment that it is shown. */
export function Elapsed({ units }: { units: number }): JSX.Element | null {
  const since = useSignal(Date.now());
  const now = useSignal(since.value);
  useEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((now.value - since.value) / 1_000));
  if (seconds < LONG) return null;
  return (
    <div class={css.form}>
      <progress class={css.bar} aria-label={t("acts.long_step")} />
      <p>{t("acts.long_text", { seconds, count: units })}</p>
    </div>
  );
}
