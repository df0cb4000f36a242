/** The shortest way to a first answer. */

import type { JSX } from "preact";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import { Section } from "../../ui/page";
import css from "./integrations.module.css";

export function How(): JSX.Element {
  const first = `curl -H "Authorization: Bearer $TANBA_KEY" \\\n  ${location.origin}/api/v1/program`;
  const change = [
    `curl -X POST ${location.origin}/api/v1/cards \\`,
    '  -H "Authorization: Bearer $TANBA_KEY" \\',
    '  -H "Idempotency-Key: $(uuidgen)" \\',
    '  -H "Content-Type: application/json" \\',
    "  --data @card.json",
  ].join("\n");
  return (
    <Section title={t("integrations.how")}>
      <p class={css.lead}>{t("integrations.how_first")}</p>
      <pre class={css.code} tabIndex={0} aria-label={t("integrations.how_first")}>
        {first}
      </pre>
      <p class={css.lead}>{t("integrations.how_change")}</p>
      <pre class={css.code} tabIndex={0} aria-label={t("integrations.how")}>
        {change}
      </pre>
      <p class={css.lead}>{t("integrations.how_limits")}</p>
      <div>
        <Button icon="document" href="/openapi.json" away>
          {t("integrations.openapi")}
        </Button>
      </div>
    </Section>
  );
}
