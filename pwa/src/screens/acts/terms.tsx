/** All that may be said about an act and need not be: kind, papers, places, prices, a comment. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type Act, type ActRow, acts } from "../../api/acts";
import type { Place } from "../../api/organisation";
import { formatDate, lang, t } from "../../i18n";
import { options, reached, usePlaces } from "../../store/places";
import { Button } from "../../ui/button";
import { Field, Select, TextArea } from "../../ui/field";
import { Note } from "../../ui/states";
import css from "./acts.module.css";
import { type Form, type PaperName, tiyn } from "./form";
import { called, product, title } from "./words";

interface DetailsProps {
  form: Form;
  set: (parts: Partial<Form>) => void;
  act: Act | null;
}

const KINDS = ["sale", "commission", "agent", "internal", "return"] as const;

export function Details({ form, set, act }: DetailsProps): JSX.Element {
  return (
    <>
      <Select label={t("acts.kind")} value={form.kind} options={KINDS.map((value) => ({ value, text: t(`acts.kind_${value}`) }))} onChange={(kind) => set({ kind })} />
      {form.kind === "return" && <Original form={form} set={set} />}
      {form.kind === "internal" && <Places form={form} set={set} />}
      {act && act.lines.length > 0 && <Prices form={form} set={set} act={act} />}
      <details class={css.more}>
        <summary>{t("acts.more_details")}</summary>
        <div>
          <div class={css.pair}>
            <Field label={t("acts.number_field")} hint={t("acts.number_hint")} value={form.number} maxLength={40} onInput={(number) => set({ number })} />
            <Field label={t("acts.transfer_date")} type="date" value={form.date} onInput={(date) => set({ date })} />
          </div>
          {form.kind !== "internal" && <Places form={form} set={set} />}
          <PaperFields name="contract" form={form} set={set} />
          <PaperFields name="waybill" form={form} set={set} />
          <PaperFields name="invoice" form={form} set={set} />
          <TextArea label={t("acts.comment")} value={form.comment} maxLength={1000} onInput={(comment) => set({ comment })} />
        </div>
      </details>
    </>
  );
}

type Part = Omit<DetailsProps, "act">;

export function PaperFields({ name, form, set }: Part & { name: PaperName }): JSX.Element {
  const paper = form[name];
  return (
    <div class={css.pair}>
      <Field label={t(`acts.${name}`)} value={paper.number} maxLength={60} onInput={(number) => set({ [name]: { ...paper, number } })} />
      <Field label={t(`acts.${name}_date`)} type="date" value={paper.date} onInput={(date) => set({ [name]: { ...paper, date } })} />
    </div>
  );
}

function Prices({ form, set, act }: DetailsProps & { act: Act }): JSX.Element {
  return (
    <details class={css.more}>
      <summary>{t("acts.prices")}</summary>
      <div>
        <PriceFields form={form} set={set} act={act} />
      </div>
    </details>
  );
}

export function PriceFields({ form, set, act }: DetailsProps & { act: Act }): JSX.Element {
  return (
    <div class={css.prices}>
      {act.lines.map((line) => {
        const id = line.gtin ?? line.card_id;
        const value = form.prices[id] ?? "";
        return (
          <Field
            key={id}
            label={product(line)}
            hint={t("acts.price_hint")}
            inputMode="decimal"
            value={value}
            error={value && tiyn(value) === null ? t("acts.price_wrong") : undefined}
            onInput={(price) => set({ prices: { ...form.prices, [id]: price } })}
          />
        );
      })}
    </div>
  );
}

function Places({ form, set }: Part): JSX.Element | null {
  const own = usePlaces();
  if (own.length === 0) return form.kind === "internal" ? <NoPlaces /> : null;
  const offered = (among: readonly Place[]): { value: string; text: string }[] => [{ value: "", text: t("acts.no_place") }, ...options(among, lang.value)];
  return (
    <div class={css.pair}>
      <Select label={t("acts.from_place")} value={form.from} options={offered(reached(own))} onChange={(from) => set({ from })} />
      {form.kind === "internal" && (
        <Select
          label={t("acts.to_place")}
          value={form.to}
          options={offered(own)}
          required
          error={form.to && form.to === form.from ? t("acts.same_place") : undefined}
          onChange={(to) => set({ to })}
        />
      )}
    </div>
  );
}

function NoPlaces(): JSX.Element {
  return (
    <Note tone="care">
      <p>{t("acts.no_places")}</p>
      <Button icon="place" href="/organisation/places/new">
        {t("acts.add_place")}
      </Button>
    </Note>
  );
}

/** A return names the act by which the goods came; its supplier is then the buyer. */
function Original({ form, set }: Part): JSX.Element {
  const taken = useSignal<ActRow[]>([]);
  useEffect(() => {
    acts("in", ["accepted", "partly_accepted"], null).then((page) => (taken.value = page.acts), () => undefined);
  }, []);
  const options = [
    { value: "", text: t("acts.choose_original") },
    ...taken.value.map((one) => ({ value: one.id, text: `${title(one)} · ${called(one.sender)} · ${formatDate(one.transfer_date)}` })),
  ];
  const choose = (original: string): void => {
    const sender = taken.value.find(({ id }) => id === original)?.sender;
    set({ original, tax: sender?.tax_number ?? form.tax, name: sender?.name ?? form.name });
  };
  return <Select label={t("acts.original")} value={form.original} options={options} onChange={choose} />;
}
