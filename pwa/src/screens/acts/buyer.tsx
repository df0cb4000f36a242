/** To whom: somebody recent with one tap, or by BIN or IIN, whose last digit tells a slip at once. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { ActRow } from "../../api/acts";
import { ApiError } from "../../api/client";
import { counterparty } from "../../api/meetings";
import { taxNumberValid } from "../../domain/tax-number";
import { lang, t } from "../../i18n";
import { fetchList, recallList } from "../../store/acts";
import { me } from "../../store/session";
import { Field } from "../../ui/field";
import { Note } from "../../ui/states";
import css from "./acts.module.css";
import type { Form } from "./form";
import { called } from "./words";

const MOST = 6;

/** What is wrong with the buyer, as a key of words; null when nothing is. */
export function buyerProblem({ kind, tax, original, from, to }: Form): "missing" | "invalid" | "own" | "original" | "place" | null {
  if (kind === "internal") return !to || to === from ? "place" : null;
  if (kind === "return" && !original) return "original";
  if (!tax) return "missing";
  if (!taxNumberValid(tax)) return "invalid";
  return tax === me.value?.organisation.bin ? "own" : null;
}

interface BuyerProps {
  form: Form;
  set: (parts: Partial<Form>) => void;
  /** Under this name the number typed, or kept, is registered. */
  onFound: (name: string) => void;
  tried: boolean;
}

export function Buyer({ form, set, onFound, tried }: BuyerProps): JSX.Element {
  const recent = useRecent();
  const registered = useRegistered(form.tax, onFound);
  const problem = buyerProblem(form);
  const wrong = problem && problem !== "original" && problem !== "place" && (tried || form.tax.length === 12);
  if (form.kind === "internal") {
    return (
      <>
        <p>{t("acts.internal_text")}</p>
        {tried && problem === "place" && <p role="alert">{t("acts.buyer_place")}</p>}
      </>
    );
  }
  return (
    <div id="buyer" class={css.form}>
      {recent.length > 0 && (
        <div class={css.recent} role="group" aria-label={t("acts.recent")}>
          {recent.map(({ tax, name }) => (
            <button key={tax} type="button" aria-pressed={form.tax === tax} onClick={() => set({ tax, name })}>
              {name}
            </button>
          ))}
        </div>
      )}
      <Field
        label={t("acts.buyer_tax")}
        hint={registered && !wrong ? registered : t("acts.buyer_tax_text")}
        inputMode="numeric"
        maxLength={12}
        required
        value={form.tax}
        error={wrong ? t(`acts.buyer_${problem}`) : undefined}
        onInput={(value) => {
          const tax = value.replace(/\D/g, "");
          set({ tax, name: recent.find((one) => one.tax === tax)?.name ?? "" });
        }}
      />
      {registered === "" && !wrong && (
        <>
          <Note tone="care">{t("acts.buyer_unregistered")}</Note>
          <Field label={t("acts.buyer_name")} value={form.name} maxLength={300} autocomplete="organization" onInput={(name) => set({ name })} />
        </>
      )}
      {tried && problem === "original" && <p role="alert">{t("errors.acts.original_invalid")}</p>}
    </div>
  );
}

/** What somebody under this number is called; "" when nobody is registered under it, null while that is not known. */
function useRegistered(tax: string, onFound: BuyerProps["onFound"]): string | null {
  const found = useSignal<{ tax: string; name: string } | null>(null);
  useEffect(() => {
    if (!taxNumberValid(tax)) return;
    counterparty(tax).then(
      ({ names, typed }) => {
        const name = names?.[lang.value] ?? typed;
        found.value = { tax, name };
        onFound(name);
      },
      (error: unknown) => {
        if (error instanceof ApiError && error.status === 404) found.value = { tax, name: "" };
      },
    );
  }, [tax]);
  return found.value?.tax === tax ? found.value.name : null;
}

interface Known {
  tax: string;
  name: string;
}

/** Those whom acts were sent to last, from the device first. */
function useRecent(): Known[] {
  const found = useSignal<Known[]>([]);
  useEffect(() => {
    const take = ({ acts }: { acts: ActRow[] }): void => {
      const all = acts.flatMap(({ receiver, kind }) => (receiver.tax_number && receiver.name && kind !== "internal" ? [[receiver.tax_number, called(receiver)] as const] : []));
      if (all.length > 0) found.value = [...new Map(all)].slice(0, MOST).map(([tax, name]) => ({ tax, name }));
    };
    void recallList("out", "all").then((kept) => kept && take(kept));
    fetchList("out", "all", [], null).then(take, () => undefined);
  }, []);
  return found.value;
}
