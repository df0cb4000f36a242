/** What the certificate says, shown and not typed; only the names in the other two languages may be mended. */

import type { JSX } from "preact";
import type { Application } from "../../api/registration";
import { t } from "../../i18n";
import { Field } from "../../ui/field";
import { Section } from "../../ui/page";
import { Note } from "../../ui/states";
import { Awaited } from "./awaited";
import { CertificateFacts } from "./certificate";
import { FormPage } from "./form-page";
import { type, typed, wrong, wrongNames } from "./typed";

const LANGUAGES = ["kk", "ru", "en"] as const;

export function Data({ own }: { own: Application }): JSX.Element {
  const given = typed.value;
  const change = own.purpose === "head_change";
  const mendable = change ? [] : LANGUAGES.filter((language) => language !== own.fixed_name);
  return (
    <FormPage
      own={own}
      step="data"
      title={t(change ? "registration.head_change" : "registration.data")}
      lead={t(change ? "registration.head_change_lead" : "registration.data_lead")}
      check={() => (given && !change ? wrongNames(given) : [])}
    >
      {own.certificate.test && <Note tone="care" title={t("registration.test")}>{t("registration.test_text")}</Note>}
      <Awaited own={own} />
      <CertificateFacts certificate={own.certificate} />
      {given && mendable.length > 0 && (
        <Section title={t("registration.names")}>
          <p>{t("registration.names_text")}</p>
          {mendable.map((language) => (
            <Field
              key={language}
              label={t(`registration.name_${language}`)}
              value={given.names[language]}
              maxLength={250}
              required
              error={wrong.value.has(`names.${language}`) ? t("registration.wrong_name") : undefined}
              onInput={(name) => type({ names: { ...given.names, [language]: name } })}
            />
          ))}
        </Section>
      )}
    </FormPage>
  );
}
