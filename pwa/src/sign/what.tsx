/** What is signed, in words, and on whose behalf; the very bytes are one tap away. */

import type { JSX } from "preact";
import { formatDate, formatDateTime, formatMoney, hasWords, lang, t } from "../i18n";
import type { SignDocument, SignRequest } from "./asked";
import css from "./sign.module.css";

/** `short`: only the names, while a key is being chosen. */
export function What({ request, short }: { request: SignRequest; short: boolean }): JSX.Element {
  const { documents, party } = request;
  return (
    <section class={css.what} aria-label={t("sign.what")}>
      <h3>{t(request.purpose === "login" ? "sign.what_login" : "sign.what", { count: documents.length })}</h3>
      <ul class={short ? css.names : css.documents}>
        {documents.map((one) => (
          <li key={one.id} class={short ? css.line : css.document}>
            <p class={css.name}>{one.names[lang.value]}</p>
            {!short && <Content document={one} />}
          </li>
        ))}
      </ul>
      {!short && party && (party.name ?? party.bin) && (
        <p class={css.party}>
          {t("sign.party")} <strong>{[party.name, party.bin].filter(Boolean).join(" · ")}</strong>
        </p>
      )}
    </section>
  );
}

function Content({ document }: { document: SignDocument }): JSX.Element {
  const { facts } = document;
  return (
    <>
      {facts.length > 0 && (
        <dl class={css.facts}>
          {facts.map(({ label, value }) => (
            <div key={label}>
              <dt>{named(label)}</dt>
              <dd>{said(label, value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <details class={css.bytes}>
        <summary>{t("sign.bytes")}</summary>
        <pre>{new TextDecoder().decode(document.bytes)}</pre>
      </details>
    </>
  );
}

/** Dates come as ISO 8601 and sums in tenge as "1500.00"; they are read in the person's language, the rest is what it is. */
function said(label: string, value: string): string {
  if (label === "total" && /^\d+\.\d\d$/.test(value)) return formatMoney(Number(value));
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return formatDate(value);
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value) ? formatDateTime(value) : value;
}

function named(label: string): string {
  const key = `sign.fact.${label}`;
  return hasWords(key) ? t(key) : label;
}
