/** One webhook: how it is, what can be done with it, and its deliveries. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import { ApiError, call, newKey } from "../../api/client";
import type { components } from "../../api/schema";
import { formatDateTime, t } from "../../i18n";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Badge } from "../../ui/list";
import { Facts, Page } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Failure, Loading, Note, OfflineNote } from "../../ui/states";
import { Deliveries } from "./webhooks-deliveries";
import { eventName, WebhookForm } from "./webhooks-form";
import { Secret } from "./secret";
import css from "./webhooks.module.css";

type Schemas = components["schemas"];
type All = Schemas["WebhookList"];
type Asked = "edit" | "rotate" | "remove";

export function Webhook({ id }: { id: string }): JSX.Element {
  const all = useSignal<All | null>(null);
  const failure = useSignal<ApiError | null>(null);
  const asked = useSignal<Asked | null>(null);
  const secret = useSignal<string | null>(null);
  const said = useSignal("");
  const busy = useSignal(false);
  /** Counts up whenever the list of deliveries has reason to be looked at again. */
  const turn = useSignal(0);
  const keys = useRef<Partial<Record<string, string>>>({});
  const { route } = useLocation();
  const path = `/api/v1/webhooks/${encodeURIComponent(id)}`;

  async function attempt(work: () => Promise<void>): Promise<void> {
    busy.value = true;
    failure.value = null;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  /** A change asked for by a button: the same key until it has been answered. */
  async function change<Answer>(name: string, address: string, method: "POST" | "DELETE"): Promise<Answer> {
    const key = (keys.current[name] ??= newKey());
    const answer = await call<Answer>(address, { method, key });
    keys.current[name] = newKey();
    return answer;
  }

  const load = (): Promise<void> =>
    attempt(async () => {
      all.value = await call<All>("/api/v1/webhooks");
    });

  useEffect(() => {
    void load();
  }, []);

  const one = all.value?.webhooks.find((endpoint) => endpoint.id === id);
  const gone = all.value && !one;
  return (
    <Page
      title={one ? new URL(one.url).host : t("integrations.webhook_title")}
      back={{ href: "/integrations/webhooks", text: t("integrations.webhook_title") }}
    >
      {!online.value && <OfflineNote />}
      {failure.value && !asked.value && (
        <Failure code={failure.value.code} params={failure.value.params} onRetry={() => void load()} />
      )}
      {gone && <Failure code="notifications.webhook_unknown" />}
      {!all.value && !failure.value && <Loading />}
      {one && (
        <>
          {one.state === "failing" && (
            <Note tone="stop">
              <p>{t("integrations.webhook_failing_hint")}</p>
            </Note>
          )}
          <Facts
            facts={[
              [t("integrations.webhook_url"), <span class={css.address}>{one.url}</span>],
              [t("integrations.webhook_events"), one.events.map(eventName).join(" · ")],
              [
                t("integrations.webhook_state"),
                one.state === "active" ? (
                  <Badge tone="ok">{t("integrations.webhook_active")}</Badge>
                ) : (
                  <Badge tone="stop">{t("integrations.webhook_failing")}</Badge>
                ),
              ],
            ]}
          />
          {one.old_secret_until && new Date(one.old_secret_until) > new Date() && (
            <Note>
              <p>{t("integrations.webhook_old_secret", { until: formatDateTime(one.old_secret_until) })}</p>
            </Note>
          )}
          <div class={css.actions}>
            <Button
              kind="primary"
              icon="share"
              busy={busy.value}
              onClick={() =>
                void attempt(async () => {
                  await change("ping", `${path}/ping`, "POST");
                  said.value = t("integrations.webhook_pinged");
                  turn.value += 1;
                })
              }
            >
              {t("integrations.webhook_ping")}
            </Button>
            <Button onClick={() => (asked.value = "edit")}>{t("integrations.webhook_edit")}</Button>
            <Button icon="key" onClick={() => (asked.value = "rotate")}>
              {t("integrations.webhook_rotate")}
            </Button>
            <Button kind="danger" icon="bin" onClick={() => (asked.value = "remove")}>
              {t("integrations.webhook_remove")}
            </Button>
          </div>
          <p role="status" class={css.said}>
            {said.value}
          </p>
          <Deliveries path={path} turn={turn.value} onReplayed={() => (turn.value += 1)} />
        </>
      )}
      {one && asked.value === "edit" && (
        <WebhookForm
          events={all.value?.events ?? []}
          endpoint={one}
          onClose={() => (asked.value = null)}
          onDone={() => {
            asked.value = null;
            void load();
          }}
        />
      )}
      {one && (asked.value === "rotate" || asked.value === "remove") && (
        <Sheet
          title={t(asked.value === "rotate" ? "integrations.webhook_rotate" : "integrations.webhook_remove_title")}
          onClose={() => (asked.value = null)}
          actions={
            asked.value === "rotate" ? (
              <Button
                kind="primary"
                wide
                busy={busy.value}
                onClick={() =>
                  void attempt(async () => {
                    secret.value = (await change<Schemas["WebhookSecret"]>("rotate", `${path}/secret`, "POST")).secret;
                    asked.value = null;
                  })
                }
              >
                {t("integrations.webhook_rotate")}
              </Button>
            ) : (
              <Button
                kind="danger"
                wide
                busy={busy.value}
                onClick={() =>
                  void attempt(async () => {
                    await change("remove", path, "DELETE");
                    route("/integrations/webhooks");
                  })
                }
              >
                {t("integrations.webhook_remove")}
              </Button>
            )
          }
        >
          {failure.value && <Failure code={failure.value.code} params={failure.value.params} />}
          <p>{t(asked.value === "rotate" ? "integrations.webhook_rotate_hint" : "integrations.webhook_remove_hint")}</p>
        </Sheet>
      )}
      {secret.value && (
        <Secret
          title={t("integrations.webhook_secret_title")}
          hint={t("integrations.webhook_secret_hint")}
          secret={secret.value}
          onDone={() => {
            secret.value = null;
            void load();
          }}
        />
      )}
    </Page>
  );
}
