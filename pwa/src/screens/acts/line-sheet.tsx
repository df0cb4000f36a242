/** One box or unit: why it is not taken, whether it came or not. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import { type Reason, REASONS, said, type Why } from "../../domain/act-decision";
import type { Line } from "../../domain/acts";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import { Choice, Field } from "../../ui/field";
import { Facts } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { PhotoField } from "./photos";
import type { Receiving } from "./receiving";
import { productOf, ratio, short } from "./words";

interface LineSheetProps {
  act: Act;
  line: Line;
  work: Receiving;
  onClose: () => void;
}

export function LineSheet({ act, line, work, onClose }: LineSheetProps): JSX.Element {
  const { remarks, say } = work;
  const whole = line.found === line.expected;
  const before = whole ? remarks.value.refused[line.id] : remarks.value.lines[line.id];
  const why = useSignal<Why>(before ?? { reason: whole ? "damaged" : "missing", words: "" });
  const tried = useSignal(false);
  const set = (next: Why | null): void => {
    const changed = (known: Readonly<Record<string, Why>>): Record<string, Why> =>
      Object.fromEntries([...Object.entries(known).filter(([id]) => id !== line.id), ...(next ? [[line.id, next]] : [])]) as Record<string, Why>;
    say(whole ? { ...remarks.value, refused: changed(remarks.value.refused) } : { ...remarks.value, lines: changed(remarks.value.lines) });
    onClose();
  };
  const save = (): void => {
    tried.value = true;
    if (said(why.value)) set(why.value);
  };
  return (
    <Sheet
      title={short(line.id)}
      onClose={onClose}
      actions={
        <>
          {before && <Button onClick={() => set(null)}>{t(whole ? "acts.take_after_all" : "acts.usual_reason")}</Button>}
          <Button kind={whole ? "danger" : "primary"} onClick={save}>
            {t(whole ? "acts.refuse_line" : "acts.save_reason")}
          </Button>
        </>
      }
    >
      <Facts
        facts={[
          [t("acts.product"), productOf(act, line.card)],
          [t("acts.code"), line.id],
          [t("acts.found"), ratio(line)],
        ]}
      />
      <WhyNot legend={t(whole ? "acts.why_refuse" : "acts.why_missing")} why={why.value} tried={tried.value} without={whole ? "missing" : null} onChange={(next) => (why.value = next)} />
    </Sheet>
  );
}

interface WhyNotProps {
  legend: string;
  why: Why;
  /** The person went on: what is missing is said. */
  tried: boolean;
  /** A reason that makes no sense here. */
  without: Reason | null;
  onChange: (why: Why) => void;
}

/** A reason, words where it says nothing by itself, and photos of what can be seen. */
export function WhyNot({ legend, why, tried, without, onChange }: WhyNotProps): JSX.Element {
  const { photos = [] } = why;
  return (
    <>
      <Choice
        legend={legend}
        value={why.reason}
        options={REASONS.filter((one) => one !== without).map((value) => ({ value, text: t(`acts.reason_${value}`) }))}
        onChange={(reason) => onChange({ ...why, reason })}
      />
      {why.reason === "other" && (
        <Field
          label={t("acts.reason_words")}
          value={why.words}
          maxLength={300}
          required
          error={tried && !said(why) ? t("acts.write_something") : undefined}
          onInput={(words) => onChange({ ...why, words })}
        />
      )}
      {(why.reason !== "missing" || photos.length > 0) && <PhotoField ids={photos} onChange={(ids) => onChange({ ...why, photos: ids })} />}
    </>
  );
}
