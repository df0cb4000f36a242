/** Checking a sample: how many units are scanned before the rest is taken on trust, and how far that has come. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Sheet } from "../../ui/sheet";
import { Note } from "../../ui/states";
import css from "./acts.module.css";
import type { Receiving } from "./receiving";
import { sampleOf } from "./sample";

/** Asks how many. */
export function Sampling({ units, onBegin, onClose }: { units: number; onBegin: (count: number) => void; onClose: () => void }): JSX.Element {
  const typed = useSignal(String(sampleOf(units)));
  const tried = useSignal(false);
  const count = Number(typed.value);
  const wrong = !Number.isInteger(count) || count < 1 || count >= units;
  const begin = (): void => {
    tried.value = true;
    if (!wrong) onBegin(count);
  };
  return (
    <Sheet
      title={t("acts.sample")}
      onClose={onClose}
      actions={
        <Button kind="primary" icon="scan" onClick={begin}>
          {t("acts.sample_begin")}
        </Button>
      }
    >
      <p>{t("acts.sample_text")}</p>
      <Field
        label={t("acts.sample_size")}
        inputMode="numeric"
        maxLength={6}
        required
        value={typed.value}
        error={tried.value && wrong ? t("acts.sample_wrong", { most: units - 1 }) : undefined}
        onInput={(value) => (typed.value = value.replace(/\D/g, ""))}
      />
    </Sheet>
  );
}

/** How far the sample has come, and whether it allows trust. */
export function SampleSoFar({ work }: { work: Receiving }): JSX.Element | null {
  const { seen, sample, version, remarks } = work;
  const wanted = sample.value;
  if (wanted === null || !seen || version.value < 0) return null;
  const broken = seen.extra.length > 0 || Object.keys(remarks.value.refused).length > 0;
  const tone = broken ? "stop" : seen.found >= wanted ? "ok" : "quiet";
  return (
    <Note tone={tone} title={t("acts.sample_so_far", { found: seen.found, sample: wanted })}>
      <progress class={css.bar} max={wanted} value={Math.min(seen.found, wanted)} aria-label={t("acts.sample")} />
      {broken ? <p>{t("acts.sample_broken")}</p> : seen.found >= wanted && <p role="status">{t("acts.sample_done")}</p>}
      <Button onClick={() => work.take(null)}>{t("acts.sample_all")}</Button>
    </Note>
  );
}
