/** What was sent to a webhook in the last 30 days, and what came of it; each can be looked into and sent again. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ApiError, call, newKey } from "../../api/client";
import type { components } from "../../api/schema";
import { formatDateTime, hasWords, type Key, t } from "../../i18n";
import { Button } from "../../ui/button";
import { Badge, List, Row, type Tone } from "../../ui/list";
import { Facts, Section } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Empty, Failure, Loading } from "../../ui/states";
import { eventName } from "./webhooks-form";
import css from "./webhooks.module.css";

type Page = components["schemas"]["DeliveryList"];
type Delivery = Page["deliveries"][number];

const TONES: Record<Delivery["state"], Tone> = { waiting: "care", delivered: "ok", failed: "stop" };
const STATES: Record<Delivery["state"], Key> = {
  waiting: "integrations.webhook_waiting",
  delivered: "integrations.webhook_delivered",
  failed: "integrations.webhook_failed",
};

/** `turn` counts up when there is reason to look again. */
export function Deliveries({ path, turn, onReplayed }: { path: string; turn: number; onReplayed: () => void }): JSX.Element {
  const shown = useSignal<Page | null>(null);
  const failure = useSignal<ApiError | null>(null);
  const open = useSignal<Delivery | null>(null);
  const busy = useSignal(false);

  async function load(cursor: string | null): Promise<void> {
    busy.value = true;
    try {
      const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
      const page = await call<Page>(`${path}/deliveries?limit=20${more}`);
      shown.value = { deliveries: [...(cursor ? (shown.value?.deliveries ?? []) : []), ...page.deliveries], next: page.next };
      failure.value = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  useEffect(() => {
    void load(null);
    // A trial is on its way for a moment.
    const again = turn > 0 ? setTimeout(() => void load(null), 1500) : undefined;
    return () => clearTimeout(again);
  }, [turn]);

  const rows = shown.value?.deliveries ?? [];
  return (
    <Section
      title={t("integrations.webhook_deliveries")}
      actions={
        <Button kind="plain" icon="renew" busy={busy.value} onClick={() => void load(null)}>
          {t("integrations.webhook_renew")}
        </Button>
      }
    >
      {failure.value && <Failure code={failure.value.code} params={failure.value.params} onRetry={() => void load(null)} />}
      {!shown.value && !failure.value && <Loading />}
      {shown.value && rows.length === 0 && <Empty text={t("integrations.webhook_deliveries_empty")} />}
      {rows.length > 0 && (
        <List label={t("integrations.webhook_deliveries")}>
          {rows.map((one) => (
            <Row
              key={one.id}
              title={eventName(one.event)}
              text={[formatDateTime(one.created_at), one.state === "delivered" ? null : reason(one)].filter(Boolean).join(" · ")}
              side={<State delivery={one} />}
              onClick={() => (open.value = one)}
            />
          ))}
        </List>
      )}
      {shown.value?.next && (
        <Button wide busy={busy.value} onClick={() => void load(shown.value?.next ?? null)}>
          {t("integrations.webhook_older")}
        </Button>
      )}
      {open.value && (
        <Whole
          delivery={open.value}
          onClose={() => (open.value = null)}
          onReplayed={() => {
            open.value = null;
            onReplayed();
          }}
        />
      )}
    </Section>
  );
}

function State({ delivery }: { delivery: Delivery }): JSX.Element {
  return <Badge tone={TONES[delivery.state]}>{t(STATES[delivery.state])}</Badge>;
}

/** Why the last try did not count; nothing before the first one. */
function reason({ error, status, attempts }: Delivery): string {
  if (attempts === 0) return "";
  const key = `integrations.webhook_error.${error ?? "status"}`;
  const words = hasWords(key) ? t(key) : t("integrations.webhook_error.status");
  return status ? `${words} (${status})` : words;
}

function Whole({ delivery, onClose, onReplayed }: { delivery: Delivery; onClose: () => void; onReplayed: () => void }): JSX.Element {
  const failure = useSignal<ApiError | null>(null);
  const busy = useSignal(false);
  const key = useRef(newKey());

  async function replay(): Promise<void> {
    busy.value = true;
    try {
      await call<Delivery>(`/api/v1/webhook-deliveries/${delivery.id}/replay`, { method: "POST", key: key.current });
      onReplayed();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  const why = delivery.state === "delivered" ? "" : reason(delivery);
  const facts: [string, JSX.Element | string][] = [
    [t("integrations.webhook_state"), <State delivery={delivery} />],
    [t("integrations.webhook_created"), formatDateTime(delivery.created_at)],
    [t("integrations.webhook_attempts"), String(delivery.attempts)],
  ];
  if (delivery.status) facts.push([t("integrations.webhook_status"), String(delivery.status)]);
  if (why) facts.push([t("integrations.webhook_why"), why]);
  if (delivery.next_at) facts.push([t("integrations.webhook_next"), formatDateTime(delivery.next_at)]);
  facts.push([t("integrations.webhook_event_id"), <span class={css.address}>{delivery.event_id}</span>]);
  return (
    <Sheet
      title={eventName(delivery.event)}
      onClose={onClose}
      actions={
        <Button kind="primary" wide icon="renew" busy={busy.value} onClick={() => void replay()}>
          {t("integrations.webhook_replay")}
        </Button>
      }
    >
      {failure.value && <Failure code={failure.value.code} params={failure.value.params} />}
      <Facts facts={facts} />
      <h3>{t("integrations.webhook_body")}</h3>
      <pre class={css.body} tabIndex={0} aria-label={t("integrations.webhook_body")}>
        {pretty(delivery.body)}
      </pre>
    </Sheet>
  );
}

/** Indented for reading; the bytes that were signed have no spaces. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
