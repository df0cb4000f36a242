/** The profile: the registered data, and what product pages show of the producer («Субаккаунт»). */

import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Profile, profile, type ProfileIn, saveProfile } from "../../api/organisation";
import { hasWords, lang, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { groups } from "../../store/groups";
import { online } from "../../store/network";
import { can, loadMe } from "../../store/session";
import { Button } from "../../ui/button";
import { Field, focusWrong } from "../../ui/field";
import { Facts, Page, Section } from "../../ui/page";
import { Failure, Loading, Note, OfflineNote } from "../../ui/states";
import { useLoaded } from "./loaded";
import css from "./organisation.module.css";

type Producer = Profile["producer"];

export function ProfilePage(): JSX.Element {
  const { value, failure, again } = useLoaded(profile);
  const found = value.value;
  return (
    <Page title={t("organisation.profile")} back={{ href: "/organisation", text: t("organisation.title") }}>
      {!online.value && <OfflineNote />}
      {failure && <Failure code={failure.code} params={failure.params} onRetry={again} />}
      {!found && !failure && <Loading rows={6} />}
      {found && (
        <>
          <Section title={t("organisation.registered")}>
            <Facts facts={registered(found)} />
          </Section>
          {can("organisation:edit") ? <Form key={found.version} value={value as Signal<Profile>} /> : <Shown found={found} />}
        </>
      )}
    </Page>
  );
}

function Form({ value }: { value: Signal<Profile> }): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const found = value.value;
  const kk = useSignal(found.names.kk);
  const en = useSignal(found.names.en);
  const gln = useSignal(found.gln ?? "");
  const gcp = useSignal(found.gcp ?? "");
  const producer = useSignal<Producer>(found.producer);
  const saved = useSignal(false);
  const { busy, failure, run } = useAttempt();
  const problems = failure?.fields.map(({ field }) => field) ?? [];
  const touch = (change: () => void): void => {
    change();
    saved.value = false;
  };
  const set = (part: Partial<Producer>): void => touch(() => void (producer.value = { ...producer.value, ...part }));
  useEffect(() => {
    if (problems.length > 0) focusWrong(form.current);
  }, [failure]);

  const save = (): Promise<boolean> =>
    run(async () => {
      const body: ProfileIn = {
        names: { kk: kk.value.trim(), en: en.value.trim() },
        producer: producer.value,
        gln: gln.value || null,
        gcp: gcp.value || null,
        version: found.version,
      };
      value.value = await once("profile", body, (key) => saveProfile(body, key));
      saved.value = true;
      void loadMe();
    });
  const digits = (typed: string): string => typed.replace(/\D/g, "");
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
      <Section title={t("organisation.names")}>
        <Field label={t("organisation.name_kk")} maxLength={200} value={kk.value} onInput={(text) => touch(() => (kk.value = text))} required error={problems.includes("names.kk") ? t("organisation.name_missing") : undefined} />
        <Field label={t("organisation.name_en")} maxLength={200} value={en.value} onInput={(text) => touch(() => (en.value = text))} required error={problems.includes("names.en") ? t("organisation.name_missing") : undefined} />
      </Section>
      <Section title={t("organisation.producer")}>
        <p>{t("organisation.producer_text")}</p>
        <Field label={t("organisation.producer_name")} maxLength={200} value={producer.value.name ?? ""} onInput={(name) => set({ name })} autocomplete="organization" />
        <Field label={t("organisation.producer_address")} maxLength={200} value={producer.value.address ?? ""} onInput={(address) => set({ address })} autocomplete="street-address" />
        <div class={css.pair}>
          <Field label={t("organisation.country")} hint={t("organisation.country_text")} maxLength={2} value={producer.value.country ?? ""} onInput={(text) => set({ country: text.toUpperCase() })} error={problems.includes("producer.country") ? t("organisation.country_wrong") : undefined} />
          <Field label={t("organisation.phone")} type="tel" maxLength={40} value={producer.value.phone ?? ""} onInput={(phone) => set({ phone })} autocomplete="tel" />
          <Field label={t("organisation.email")} type="email" maxLength={254} value={producer.value.email ?? ""} onInput={(email) => set({ email })} autocomplete="email" />
          <Field label={t("organisation.site")} type="url" maxLength={200} value={producer.value.site ?? ""} onInput={(site) => set({ site })} autocomplete="url" />
        </div>
      </Section>
      <Section title={t("organisation.numbers")}>
        <div class={css.pair}>
          <Field label="GLN" hint={t("organisation.gln_text")} inputMode="numeric" maxLength={13} value={gln.value} onInput={(text) => touch(() => (gln.value = digits(text)))} error={problems.includes("gln") ? t("errors.organisations.gln_invalid") : undefined} />
          <Field label="GCP" hint={t("organisation.gcp_text")} inputMode="numeric" maxLength={12} value={gcp.value} onInput={(text) => touch(() => (gcp.value = digits(text)))} error={problems.includes("gcp") ? t("organisation.gcp_wrong") : undefined} />
        </div>
      </Section>
      {failure && <Failure code={failure.code} params={failure.params} kept={t("organisation.kept")} />}
      <div role="status">{saved.value && <Note tone="ok">{t("organisation.saved")}</Note>}</div>
      <Button kind="primary" wide submit busy={busy}>
        {t("app.save")}
      </Button>
    </form>
  );
}

function Shown({ found: { producer, gln, gcp } }: { found: Profile }): JSX.Element {
  const facts: [string, string][] = [
    [t("organisation.producer_name"), producer.name ?? ""],
    [t("organisation.producer_address"), producer.address ?? ""],
    [t("organisation.phone"), producer.phone ?? ""],
    [t("organisation.email"), producer.email ?? ""],
    ["GLN", gln ?? ""],
    ["GCP", gcp ?? ""],
  ];
  return (
    <Section title={t("organisation.producer")}>
      <Facts facts={facts.map(([name, text]) => [name, text || t("organisation.not_given")])} />
    </Section>
  );
}

function registered({ names, bin, kind, trade, declaration_holder, groups: chosen, email, phone }: Profile): [string, string][] {
  const called = `registration.kind_${trade ?? kind}`;
  const found: [string, string][] = [
    [t("organisation.name_ru"), names.ru],
    [t(kind === "sole_trader" ? "organisation.iin" : "organisation.bin"), bin],
    [t("registration.kind"), hasWords(called) ? t(called) : kind],
  ];
  if (declaration_holder) found.push([t("registration.holder_short"), t(`registration.holder_${declaration_holder}`)]);
  if (chosen.length > 0) found.push([t("registration.groups"), chosen.map((id) => groups.value.find((group) => group.id === id)?.names[lang.value] ?? id).join(", ")]);
  if (email) found.push([t("registration.email"), email]);
  if (phone) found.push([t("registration.phone"), phone]);
  return found;
}
