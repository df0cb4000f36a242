/** E-mail, phone and the language of letters. A new e-mail counts when its letter is answered. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ApiError, call, newKey } from "../../api/client";
import type { components } from "../../api/schema";
import { t } from "../../i18n";
import { confirmed } from "../../store/passkeys";
import { me } from "../../store/session";
import { Button } from "../../ui/button";
import { Field, focusWrong, Select } from "../../ui/field";
import { Section } from "../../ui/page";
import { Loading, Note } from "../../ui/states";
import css from "./account.module.css";
import { Refused } from "./refused";

type Known = components["schemas"]["ContactsOut"];
type Language = Known["language"];

const PATH = "/api/v1/account/contacts";
const LANGUAGES: { value: Language; text: string }[] = [
  { value: "kk", text: "Қазақша" },
  { value: "ru", text: "Русский" },
  { value: "en", text: "English" },
];

export function Contacts(): JSX.Element {
  const known = useSignal<Known | null>(null);
  const failure = useSignal<ApiError | null>(null);

  async function load(): Promise<void> {
    failure.value = null;
    try {
      known.value = await call<Known>(PATH);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  useEffect(() => void load(), []);

  return (
    <Section title={t("account.contacts")}>
      {failure.value && <Refused error={failure.value} onRetry={() => void load()} />}
      {!known.value && !failure.value && <Loading rows={2} />}
      {known.value && <Form known={known.value} onChanged={(now) => (known.value = now)} />}
    </Section>
  );
}

function Form({ known, onChanged }: { known: Known; onChanged: (now: Known) => void }): JSX.Element {
  const email = useSignal(known.email ?? "");
  const phone = useSignal(known.phone ?? "");
  const language = useSignal<Language>(known.language);
  const failure = useSignal<ApiError | null>(null);
  const busy = useSignal(false);
  const saved = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  // One operation however often it is tried, until something in it is changed.
  const key = useRef(newKey());

  function changed(): void {
    key.current = newKey();
    failure.value = null;
    saved.value = false;
  }

  async function save(): Promise<void> {
    busy.value = true;
    failure.value = null;
    const body = {
      ...(email.value.trim() !== (known.email ?? "") ? { email: email.value.trim() } : {}),
      ...(phone.value.trim() !== (known.phone ?? "") ? { phone: phone.value.trim() } : {}),
      ...(language.value !== known.language ? { language: language.value } : {}),
    };
    try {
      const now = await confirmed("person:contacts", me.value?.person.id ?? "", (confirmation) =>
        call<Known>(PATH, {
          method: "PATCH",
          body: confirmation ? { ...body, confirmation } : body,
          key: confirmation ?? key.current,
        }),
      );
      changed();
      email.value = now.email ?? "";
      phone.value = now.phone ?? "";
      saved.value = true;
      onChanged(now);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
      if (form.current) focusWrong(form.current);
    } finally {
      busy.value = false;
    }
  }

  const wrong = (field: string): boolean => failure.value?.fields.some((one) => one.field === field) ?? false;
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
      <Field
        label={t("account.email")}
        type="email"
        inputMode="email"
        autocomplete="email"
        maxLength={254}
        value={email.value}
        hint={known.email && !known.email_confirmed_at ? t("account.email_unconfirmed") : t("account.email_hint")}
        error={wrong("email") ? t("account.wrong_email") : undefined}
        onInput={(value) => {
          email.value = value;
          changed();
        }}
      />
      {known.email_waiting && <Note tone="care">{t("account.email_waiting", { email: known.email_waiting })}</Note>}
      <Field
        label={t("account.phone")}
        type="tel"
        inputMode="tel"
        autocomplete="tel"
        maxLength={32}
        value={phone.value}
        hint={t("account.phone_hint")}
        error={wrong("phone") ? t("account.wrong_phone") : undefined}
        onInput={(value) => {
          phone.value = value;
          changed();
        }}
      />
      <Select
        label={t("account.language")}
        value={language.value}
        options={LANGUAGES}
        onChange={(value) => {
          language.value = value;
          changed();
        }}
      />
      {failure.value && <Refused error={failure.value} kept={t("account.kept")} />}
      <div class={css.buttons}>
        <Button submit kind="primary" busy={busy.value}>
          {t("app.save")}
        </Button>
        <p class={css.said} role="status">
          {saved.value ? t("account.saved") : ""}
        </p>
      </div>
    </form>
  );
}
