/** One place, new or there already. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Place, type PlaceTyped, savePlace, turnPlace } from "../../api/organisation";
import { lang, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { Check, Field, focusWrong, Select } from "../../ui/field";
import { Failure } from "../../ui/states";
import css from "./organisation.module.css";

type Kind = Place["kind"];

const KINDS: readonly Kind[] = ["shop", "warehouse", "office", "production", "customs_warehouse", "branch", "representative_office"];
const EMPTY: PlaceTyped = { kind: "shop", names: { kk: "", ru: "", en: "" }, address: { region: "", locality: "", line: "", postcode: "" }, main: false, gln: null, bin: null };

interface PlaceProps {
  row: Place | null;
  took: (places: Place[]) => void;
}

export function PlacePane({ row, took }: PlaceProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const { route } = useLocation();
  const typed = useSignal<PlaceTyped>(row ? typedOf(row) : EMPTY);
  const tried = useSignal(false);
  const { busy, failure, run } = useAttempt();
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const { kind, names, address, main, gln, bin } = typed.value;
  const problems = failure?.fields.map(({ field }) => field) ?? [];
  const set = (part: Partial<PlaceTyped>): void => void (typed.value = { ...typed.value, ...part });
  const branch = kind === "branch" || kind === "representative_office";
  const missing = (text: string): string | undefined => (tried.value && !text.trim() ? t("organisation.missing") : undefined);

  const save = async (): Promise<void> => {
    tried.value = true;
    if (!said(names) || !address.locality.trim() || !address.line.trim()) return void setTimeout(() => focusWrong(form.current));
    const body = { ...typed.value, names: everyLanguage(names), bin: branch ? bin : null };
    const went = await run(async () => took(await once("place", [row?.id, row?.version, body], (key) => savePlace(body, row, key))));
    if (went && !row) route("/organisation/places", true);
  };
  const turn = (what: "block" | "unblock", id: string): Promise<boolean> => run(async () => took(await once(what, id, (key) => turnPlace(id, what, key))));
  if (!can("organisation:edit")) return <h2 ref={heading} tabIndex={-1}>{row ? row.names[lang.value] : t("organisation.places")}</h2>;
  return (
    <form
      ref={form}
      class={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2 ref={heading} tabIndex={-1}>
        {row ? row.names[lang.value] : t("organisation.new_place")}
      </h2>
      <Select label={t("organisation.place_kind")} value={kind} options={KINDS.map((value) => ({ value, text: t(`organisation.place_${value}`) }))} onChange={(value) => set({ kind: value })} />
      <Field label={t("organisation.place_name")} hint={t("organisation.place_name_text")} maxLength={200} value={names[lang.value]} onInput={(text) => set({ names: { ...names, [lang.value]: text } })} required error={tried.value && !said(names) ? t("organisation.missing") : undefined} />
      <div class={css.pair}>
        <Field label={t("organisation.region")} maxLength={200} value={address.region ?? ""} onInput={(region) => set({ address: { ...address, region } })} autocomplete="address-level1" />
        <Field label={t("organisation.locality")} maxLength={200} value={address.locality} onInput={(locality) => set({ address: { ...address, locality } })} required error={missing(address.locality)} autocomplete="address-level2" />
        <Field label={t("organisation.line")} maxLength={200} value={address.line} onInput={(line) => set({ address: { ...address, line } })} required error={missing(address.line)} autocomplete="street-address" />
        <Field label={t("organisation.postcode")} maxLength={12} value={address.postcode ?? ""} onInput={(postcode) => set({ address: { ...address, postcode } })} autocomplete="postal-code" />
      </div>
      {branch && (
        <Field label={t("organisation.branch_bin")} hint={t("organisation.optional")} inputMode="numeric" maxLength={12} value={bin ?? ""} onInput={(text) => set({ bin: text.replace(/\D/g, "") || null })} error={problems.includes("bin") ? t("errors.organisations.tax_number_invalid") : undefined} />
      )}
      <Field label="GLN" hint={t("organisation.gln_text")} inputMode="numeric" maxLength={13} value={gln ?? ""} onInput={(text) => set({ gln: text.replace(/\D/g, "") || null })} error={problems.includes("gln") ? t("errors.organisations.gln_invalid") : undefined} />
      {!row?.main && <Check label={t("organisation.make_main")} checked={main ?? false} onChange={(checked) => set({ main: checked })} />}
      {failure && <Failure code={failure.code} params={failure.params} kept={t("organisation.kept")} />}
      <div class={css.verbs}>
        {row && !row.main && (
          <Button busy={busy} onClick={() => void turn(row.blocked ? "unblock" : "block", row.id)}>
            {t(row.blocked ? "organisation.unblock_place" : "organisation.block_place")}
          </Button>
        )}
        <Button kind="primary" submit busy={busy}>
          {t("app.save")}
        </Button>
      </div>
    </form>
  );
}

function said(names: PlaceTyped["names"]): string {
  return names[lang.value].trim() || names.kk.trim() || names.ru.trim() || names.en.trim();
}

/** A place is called in one language by whoever adds it; the others show the same until somebody translates. */
function everyLanguage(names: PlaceTyped["names"]): PlaceTyped["names"] {
  const one = said(names);
  return { kk: names.kk.trim() || one, ru: names.ru.trim() || one, en: names.en.trim() || one };
}

function typedOf({ kind, names, address, main, gln, bin }: Place): PlaceTyped {
  return { kind, names, address, main, gln, bin };
}
