/** Webhooks: where an organisation's programs are told of what happens, and what came of it. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { ApiError, call } from "../../api/client";
import type { components } from "../../api/schema";
import { formatDateTime, t } from "../../i18n";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Badge, List, Row } from "../../ui/list";
import { Page } from "../../ui/page";
import { Empty, Failure, Loading, OfflineNote } from "../../ui/states";
import { WebhookForm } from "./webhooks-form";
import { Webhook } from "./webhooks-one";
import css from "./webhooks.module.css";

type All = components["schemas"]["WebhookList"];

/** Everything below /integrations/webhooks. */
export default function Webhooks(): JSX.Element {
  const { path } = useLocation();
  const id = path.split("/")[3];
  return id ? <Webhook key={id} id={id} /> : <Endpoints />;
}

function Endpoints(): JSX.Element {
  const all = useSignal<All | null>(null);
  const failure = useSignal<ApiError | null>(null);
  const adding = useSignal(false);
  const { route } = useLocation();

  async function load(): Promise<void> {
    failure.value = null;
    try {
      all.value = await call<All>("/api/v1/webhooks");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  useEffect(() => {
    void load();
  }, []);

  const add = (
    <Button kind="primary" icon="plus" disabled={!all.value} onClick={() => (adding.value = true)}>
      {t("integrations.webhook_add")}
    </Button>
  );
  const found = all.value?.webhooks ?? [];
  return (
    <Page
      title={t("integrations.webhook_title")}
      lead={t("integrations.webhook_lead")}
      back={{ href: "/integrations", text: t("integrations.webhook_back") }}
      actions={found.length > 0 && add}
    >
      {!online.value && <OfflineNote />}
      {failure.value && <Failure code={failure.value.code} params={failure.value.params} onRetry={() => void load()} />}
      {!all.value && !failure.value && <Loading />}
      {all.value && found.length === 0 && <Empty text={t("integrations.webhook_empty")}>{add}</Empty>}
      {found.length > 0 && (
        <List>
          {found.map((one) => (
            <Row
              key={one.id}
              href={`/integrations/webhooks/${one.id}`}
              title={new URL(one.url).host}
              text={
                <>
                  <span class={css.path}>{new URL(one.url).pathname}</span>
                  {one.delivered_at
                    ? t("integrations.webhook_last", { at: formatDateTime(one.delivered_at) })
                    : t("integrations.webhook_never")}
                </>
              }
              side={
                one.state === "active" ? (
                  <Badge tone="ok">{t("integrations.webhook_active")}</Badge>
                ) : (
                  <Badge tone="stop">{t("integrations.webhook_failing")}</Badge>
                )
              }
            />
          ))}
        </List>
      )}
      {adding.value && all.value && (
        <WebhookForm
          events={all.value.events}
          onClose={() => (adding.value = false)}
          onDone={(id) => route(`/integrations/webhooks/${id}`)}
        />
      )}
    </Page>
  );
}
