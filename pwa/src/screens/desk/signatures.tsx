/** How each signature stood the check, and what came of earlier attempts. */

import type { ComponentChildren, JSX } from "preact";
import type { DeskApplication, SignatureFacts } from "../../api/desk";
import { formatDate, formatDateTime, hasWords, lang, t } from "../../i18n";
import { Facts, Section } from "../../ui/page";
import { Icon } from "../../ui/icons";
import css from "./desk.module.css";

export function Signatures({ signatures }: { signatures: SignatureFacts[] }): JSX.Element {
  return (
    <>
      {signatures.map((one) => (
        <div key={one.document} class={css.signature}>
          <h3>
            <Icon name="done" size={20} />
            {t(one.document === "contract" ? "registration.contract" : "registration.desk_application")}
          </h3>
          <Facts facts={facts(one)} />
        </div>
      ))}
    </>
  );
}

function facts({ name, not_before, not_after, scheme, signing_time, revocation, verified_at }: SignatureFacts): [string, ComponentChildren][] {
  const checked = `registration.revocation_${revocation}`;
  return [
    [t("registration.person"), name],
    [t("registration.desk_certificate"), `${formatDate(not_before)} – ${formatDate(not_after)}`],
    [t("registration.desk_revocation"), hasWords(checked) ? t(checked) : revocation],
    [t("registration.desk_algorithm"), scheme],
    [t("registration.desk_signed_at"), signing_time ? formatDateTime(signing_time) : "–"],
    [t("registration.desk_verified_at"), formatDateTime(verified_at)],
  ];
}

export function Attempts({ attempts }: { attempts: DeskApplication["attempts"] }): JSX.Element | null {
  const refused = attempts.filter(({ outcome }) => outcome === "refused");
  if (refused.length === 0) return null;
  return (
    <Section title={t("registration.desk_earlier")}>
      <ul class={css.attempts}>
        {refused.map(({ number, decided_at, reasons, text }) => (
          <li key={number}>
            <p>{decided_at && formatDateTime(decided_at)}</p>
            <p>{[...reasons.map(({ names }) => names[lang.value]), text].filter(Boolean).join("; ")}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
