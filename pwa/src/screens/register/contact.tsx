/** The only two things that are typed: where the link goes, and where the operator may call. */

import type { JSX } from "preact";
import type { Application } from "../../api/registration";
import { lang, t } from "../../i18n";
import { Field } from "../../ui/field";
import { send } from "./application";
import { FormPage } from "./form-page";
import { normalPhone, readablePhone } from "../../domain/phone";
import { type, typed, wrong, wrongContacts } from "./typed";

export function Contact({ own }: { own: Application }): JSX.Element {
  const given = typed.value;
  const phone = normalPhone(given?.phone ?? "");
  return (
    <FormPage
      own={own}
      step="contact"
      title={t("registration.contact")}
      lead={t("registration.contact_lead")}
      check={() => (given ? wrongContacts(given) : [])}
      before={() => send(lang.value)}
    >
      <Field
        label={t("registration.email")}
        type="email"
        inputMode="email"
        autocomplete="email"
        name="email"
        maxLength={254}
        required
        value={given?.email ?? ""}
        hint={t("registration.email_hint")}
        error={wrong.value.has("email") ? t("registration.wrong_email") : undefined}
        onInput={(email) => type({ email })}
      />
      <Field
        label={t("registration.phone")}
        type="tel"
        inputMode="tel"
        autocomplete="tel"
        name="tel"
        maxLength={40}
        required
        value={given?.phone ?? ""}
        hint={phone ? t("registration.phone_kept", { phone: readablePhone(phone) }) : t("registration.phone_hint")}
        error={wrong.value.has("phone") ? t("registration.wrong_phone") : undefined}
        onInput={(typedPhone) => type({ phone: typedPhone })}
      />
    </FormPage>
  );
}
