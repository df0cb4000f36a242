/** Functions, term, title and places, as a head sets them for somebody. */

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { Entrusted, FunctionName, Place, Terms } from "../../api/organisation";
import { lang, t } from "../../i18n";
import { reached, tied } from "../../store/places";
import { Choices, Field } from "../../ui/field";
import { Icon } from "../../ui/icons";
import { Segmented } from "../../ui/segmented";
import { dayAfter, today } from "./days";
import css from "./organisation.module.css";

export type TermName = "quarter" | "year" | "endless" | "day";

export interface TermsTyped {
  functions: FunctionName[];
  term: TermName;
  day: string;
  title: string;
  places: string[];
}

const FRESH: TermsTyped = { functions: [], term: "year", day: "", title: "", places: [] };

/** What the server takes. */
/** Whoever is tied to places entrusts these, or some of them: naming none would mean all. */
export function fresh(places: readonly Place[]): TermsTyped {
  return tied(places) ? { ...FRESH, places: reached(places).map(({ id }) => id) } : FRESH;
}

export function sent({ functions, term, day, title, places }: TermsTyped): Terms {
  const until = { quarter: dayAfter(today(), 3), year: dayAfter(today(), 12), endless: null, day: day || null }[term];
  return { functions, valid_until: until, title: title.trim(), place_ids: places };
}

interface TermsFormProps {
  typed: Signal<TermsTyped>;
  functions: readonly Entrusted[];
  places: readonly Place[];
  /** Where they work already; null for somebody new. */
  held?: readonly string[] | null;
  /** What was missed, once it was sent. */
  tried: boolean;
  /** A head holds every function for good. */
  head?: boolean;
}

export function TermsForm({ typed, functions, places, held = null, tried, head = false }: TermsFormProps): JSX.Element {
  const set = (part: Partial<TermsTyped>): void => void (typed.value = { ...typed.value, ...part });
  const { functions: chosen, term, day, title, places: at } = typed.value;
  return (
    <>
      {!head && (
        <>
          <Choices
            legend={t("organisation.functions")}
            values={chosen}
            options={functions
              .filter((one) => one.grantable || chosen.includes(one.function))
              .map((one) => ({ value: one.function, text: t(`organisation.fn_${one.function}`), hint: t(`organisation.can_${one.function}`) }))}
            onChange={(values) => set({ functions: values })}
            error={tried && chosen.length === 0 ? t("organisation.functions_missing") : undefined}
          />
          <div>
            <p class={css.label}>{t("organisation.term")}</p>
            <Segmented
              label={t("organisation.term")}
              value={term}
              options={(["quarter", "year", "endless", "day"] as const).map((value) => ({ value, text: t(`organisation.term_${value}`) }))}
              onChange={(value) => set({ term: value })}
            />
          </div>
          {term === "day" && (
            <Field
              label={t("organisation.term_until")}
              type="date"
              min={today()}
              value={day}
              onInput={(value) => set({ day: value })}
              required
              error={tried && !day ? t("organisation.day_missing") : undefined}
            />
          )}
        </>
      )}
      <Field label={t("organisation.position")} hint={t("organisation.optional")} maxLength={80} value={title} onInput={(value) => set({ title: value })} />
      {places.length > 1 && (
        <Choices
          legend={t("organisation.at_places")}
          hint={t(tied(places) ? "organisation.at_places_own" : "organisation.at_places_hint")}
          values={at}
          options={places.filter((one) => (one.reached && !one.blocked) || at.includes(one.id)).map((one) => ({ value: one.id, text: one.names[lang.value], hint: one.address.locality }))}
          onChange={(values) => set({ places: values })}
          error={tried && everywhere(typed.value, places, held) ? t("organisation.at_places_own") : undefined}
        />
      )}
    </>
  );
}

/** True when nothing is missing. */
export function whole(typed: TermsTyped, places: readonly Place[], held: readonly string[] | null = null): boolean {
  return typed.functions.length > 0 && (typed.term !== "day" || typed.day !== "") && !everywhere(typed, places, held);
}

/** More than whoever is tied to places may give; what somebody has already is left to them. */
function everywhere(typed: TermsTyped, places: readonly Place[], held: readonly string[] | null): boolean {
  return typed.places.length === 0 && tied(places) && held?.length !== 0;
}

/** The functions as sentences of what somebody can do. */
export function Can({ functions }: { functions: readonly FunctionName[] }): JSX.Element {
  return (
    <ul class={css.can}>
      {functions.map((one) => (
        <li key={one}>
          <Icon name="done" size={20} />
          <span>{t(`organisation.can_${one}`)}</span>
        </li>
      ))}
    </ul>
  );
}
