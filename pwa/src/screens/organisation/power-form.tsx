/** A new power of attorney: to whom, for what, for how long; the head's signature gives it. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { draftPower, dropPower, type Entrusted, entrustable, type FunctionName, type Member, type PowerIn, signPower, staff } from "../../api/organisation";
import { formatDate, lang, t } from "../../i18n";
import { requestSignatures, toSign } from "../../sign";
import { once, useAttempt } from "../../store/attempt";
import { groups, loadGroups } from "../../store/groups";
import { me } from "../../store/session";
import { Button } from "../../ui/button";
import { Choice, Choices, Field, focusWrong, Select } from "../../ui/field";
import { Failure, Loading } from "../../ui/states";
import { dayAfter, today } from "./days";
import { useLoaded } from "./loaded";
import css from "./organisation.module.css";

interface Known {
  members: Member[];
  functions: Entrusted[];
}

async function load(): Promise<Known> {
  const [people, functions] = await Promise.all([staff(), entrustable(), loadGroups()]);
  return { members: people.members.filter((one) => !one.own && one.state === "active"), functions: functions.filter((one) => one.grantable) };
}

export function Give({ again }: { again: () => void }): JSX.Element {
  const { value, failure, again: retry } = useLoaded(load);
  if (failure) return <Failure code={failure.code} params={failure.params} onRetry={retry} />;
  return value.value ? <Form known={value.value} again={again} /> : <Loading rows={5} />;
}

function Form({ known, again }: { known: Known; again: () => void }): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const { route } = useLocation();
  const to = useSignal<"member" | "provider">(known.members.length > 0 ? "member" : "provider");
  const member = useSignal(known.members[0]?.id ?? "");
  const bin = useSignal("");
  const functions = useSignal<FunctionName[]>([]);
  const limited = useSignal<string[]>([]);
  const from = useSignal(today());
  const until = useSignal(dayAfter(today(), 12));
  const tried = useSignal(false);
  const { busy, failure, run } = useAttempt();
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const problems = failure?.fields.map(({ field }) => field) ?? [];
  const missing = functions.value.length === 0 || (to.value === "member" ? !member.value : bin.value.length !== 12);

  const sign = async (): Promise<void> => {
    const body: PowerIn = {
      membership_id: to.value === "member" ? member.value : null,
      provider_bin: to.value === "provider" ? bin.value : null,
      functions: functions.value,
      groups: limited.value,
      valid_from: from.value,
      valid_until: until.value,
    };
    const drafted = await once("power", body, (key) => draftPower(body, key));
    const [document] = toSign(drafted.documents);
    const own = me.value?.organisation;
    if (!document || !own) return;
    const agent = to.value === "member" ? (known.members.find((one) => one.id === member.value)?.name ?? "") : bin.value;
    const facts = [
      { label: "person", value: agent },
      { label: "functions", value: functions.value.map((one) => t(`organisation.fn_${one}`)).join(", ") },
      { label: "valid_from", value: formatDate(from.value) },
      { label: "valid_until", value: formatDate(until.value) },
    ];
    const party = { bin: own.bin, name: own.names[lang.value] };
    const signatures = await requestSignatures({ purpose: "document", title: t("organisation.power_sign"), documents: [{ ...document, facts }], party });
    if (!signatures) return void (await once("drop", document.id, (key) => dropPower(document.id, key)));
    const given = await once("give", signatures, (key) => signPower(document.id, signatures, key));
    again();
    route(`/organisation/powers/${given.id}`, true);
  };
  const press = (): void => {
    tried.value = true;
    if (missing) return void setTimeout(() => focusWrong(form.current));
    void run(sign);
  };
  return (
    <form
      ref={form}
      class={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        press();
      }}
    >
      <h2 ref={heading} tabIndex={-1}>
        {t("organisation.new_power")}
      </h2>
      <Choice
        legend={t("organisation.to_whom")}
        value={to.value}
        options={(["member", "provider"] as const).map((one) => ({ value: one, text: t(`organisation.to_${one}`), hint: t(`organisation.to_${one}_text`) }))}
        onChange={(value) => (to.value = value)}
      />
      {to.value === "member" ? (
        <Select
          label={t("organisation.member")}
          value={member.value}
          options={known.members.map((one) => ({ value: one.id, text: one.name }))}
          onChange={(value) => (member.value = value)}
          error={tried.value && !member.value ? t("organisation.nobody") : undefined}
        />
      ) : (
        <Field
          label={t("organisation.provider_bin")}
          hint={t("organisation.provider_bin_text")}
          inputMode="numeric"
          maxLength={12}
          value={bin.value}
          onInput={(value) => (bin.value = value.replace(/\D/g, ""))}
          required
          error={tried.value && bin.value.length !== 12 ? t("errors.organisations.tax_number_invalid") : undefined}
        />
      )}
      <Choices
        legend={t("organisation.may_sign")}
        values={functions.value}
        options={known.functions.map(({ function: one }) => ({ value: one, text: t(`organisation.fn_${one}`), hint: t(`organisation.can_${one}`) }))}
        onChange={(values) => (functions.value = values)}
        error={tried.value && functions.value.length === 0 ? t("organisation.functions_missing") : undefined}
      />
      <Choices
        legend={t("registration.groups")}
        hint={t("organisation.groups_text")}
        values={limited.value}
        options={groups.value.map(({ id, names }) => ({ value: id, text: names[lang.value] }))}
        onChange={(values) => (limited.value = values)}
      />
      <div class={css.pair}>
        <Field label={t("organisation.from")} type="date" min={today()} value={from.value} onInput={(value) => (from.value = value)} required />
        <Field label={t("organisation.term_until")} type="date" min={from.value} max={dayAfter(from.value || today(), 36)} value={until.value} onInput={(value) => (until.value = value)} required error={problems.includes("valid_until") ? t("errors.organisations.power_term") : undefined} />
      </div>
      {failure && <Failure code={failure.code} params={failure.params} kept={t("organisation.kept")} />}
      <Button kind="primary" icon="key" wide submit busy={busy}>
        {t("organisation.sign_power")}
      </Button>
    </form>
  );
}
