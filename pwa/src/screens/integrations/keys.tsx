/** The keys of the organisation's programs. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError, call } from "../../api/client";
import type { components } from "../../api/schema";
import { formatDate, formatDateTime, t } from "../../i18n";
import { Button } from "../../ui/button";
import { Badge, List, Row } from "../../ui/list";
import { Section } from "../../ui/page";
import { Empty, Failure, Loading } from "../../ui/states";
import { NewKey } from "./keys-form";
import { OneKey } from "./keys-one";
import { Secret } from "./secret";

export type ApiKey = components["schemas"]["ApiKeyOut"];

/** Days before its end that a key is said to end soon. */
const SOON = 14;

export function Keys({ sandbox }: { sandbox: boolean }): JSX.Element {
  const all = useSignal<ApiKey[] | null>(null);
  const failure = useSignal<ApiError | null>(null);
  const adding = useSignal(false);
  const open = useSignal<ApiKey | null>(null);
  const secret = useSignal<string | null>(null);

  async function load(): Promise<void> {
    failure.value = null;
    try {
      all.value = (await call<components["schemas"]["ApiKeyList"]>("/api/v1/api-keys")).keys;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  useEffect(() => void load(), []);

  function made(shown: string | null): void {
    adding.value = false;
    open.value = null;
    secret.value = shown;
    void load();
  }

  const add = (
    <Button kind="primary" icon="plus" disabled={!all.value} onClick={() => (adding.value = true)}>
      {t("integrations.key_add")}
    </Button>
  );
  const found = all.value ?? [];
  return (
    <Section title={t("integrations.keys")} actions={found.length > 0 && add}>
      {failure.value && <Failure code={failure.value.code} params={failure.value.params} onRetry={() => void load()} />}
      {!all.value && !failure.value && <Loading />}
      {all.value && found.length === 0 && <Empty text={t("integrations.keys_empty")}>{add}</Empty>}
      {found.length > 0 && (
        <List label={t("integrations.keys")}>
          {found.map((one) => (
            <Row
              key={one.id}
              icon="key"
              title={one.name}
              text={[`…${one.hint}`, one.used_at ? t("integrations.key_used", { at: formatDateTime(one.used_at) }) : t("integrations.key_unused")].join(" · ")}
              side={<State apiKey={one} />}
              onClick={() => (open.value = one)}
            />
          ))}
        </List>
      )}
      {adding.value && <NewKey sandbox={sandbox} onClose={() => (adding.value = false)} onMade={made} />}
      {open.value && <OneKey apiKey={open.value} onClose={() => (open.value = null)} onDone={made} />}
      {secret.value && (
        <Secret
          secret={secret.value}
          title={t("integrations.secret_title")}
          hint={t("integrations.secret_hint")}
          onDone={() => (secret.value = null)}
        />
      )}
    </Section>
  );
}

export function State({ apiKey }: { apiKey: ApiKey }): JSX.Element {
  const left = (Date.parse(apiKey.expires_at) - Date.now()) / 86_400_000;
  if (left <= 0) return <Badge tone="stop">{t("integrations.key_over")}</Badge>;
  if (left <= SOON) return <Badge tone="care">{t("integrations.key_until", { at: formatDate(apiKey.expires_at) })}</Badge>;
  return apiKey.test ? <Badge tone="care">{t("integrations.key_test")}</Badge> : <Badge tone="ok">{t("integrations.key_good")}</Badge>;
}
