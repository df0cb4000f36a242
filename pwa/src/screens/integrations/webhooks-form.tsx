/** Adding or changing a webhook. What was typed stays through every refusal. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ApiError, call, newKey } from "../../api/client";
import type { components } from "../../api/schema";
import { hasWords, t } from "../../i18n";
import { Button } from "../../ui/button";
import { Choices, Field, focusWrong } from "../../ui/field";
import { Sheet } from "../../ui/sheet";
import { Failure } from "../../ui/states";
import { Secret } from "./secret";
import css from "./webhooks.module.css";

type Schemas = components["schemas"];
type Endpoint = Schemas["WebhookOut"];

interface FormProps {
  events: readonly string[];
  /** The one that is changed; without it a new one is made. */
  endpoint?: Endpoint;
  onClose: () => void;
  /** With the id, once the secret of a new one has been seen. */
  onDone: (id: string) => void;
}

export function eventName(event: string): string {
  const key = `integrations.webhook_event.${event}`;
  return hasWords(key) ? t(key) : event;
}

export function WebhookForm({ events, endpoint, onClose, onDone }: FormProps): JSX.Element {
  const url = useSignal(endpoint?.url ?? "https://");
  const chosen = useSignal<string[]>(endpoint?.events ?? []);
  const failure = useSignal<ApiError | null>(null);
  const made = useSignal<Schemas["WebhookSecret"] | null>(null);
  const busy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  // One operation however often it is tried, until something in it is changed.
  const key = useRef(newKey());

  function changed(): void {
    key.current = newKey();
    failure.value = null;
  }

  async function save(): Promise<void> {
    busy.value = true;
    failure.value = null;
    const body = { url: url.value.trim(), events: chosen.value };
    try {
      if (endpoint) {
        await call<Endpoint>(`/api/v1/webhooks/${endpoint.id}`, { method: "PUT", body, key: key.current });
        onDone(endpoint.id);
      } else {
        made.value = await call<Schemas["WebhookSecret"]>("/api/v1/webhooks", { method: "POST", body, key: key.current });
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  useEffect(() => {
    if (failure.value) focusWrong(form.current);
  }, [failure.value]);

  const new_ = made.value;
  if (new_) {
    return (
      <Secret
        secret={new_.secret}
        title={t("integrations.webhook_secret_title")}
        hint={t("integrations.webhook_secret_hint")}
        onDone={() => onDone(new_.id)}
      />
    );
  }

  const wrong = (field: string): string | undefined =>
    failure.value?.fields.some((one) => one.field === field) ? t(errorKey(field)) : undefined;
  const shown = wrong("url") ?? wrong("events");
  return (
    <Sheet
      title={t(endpoint ? "integrations.webhook_edit" : "integrations.webhook_add")}
      onClose={onClose}
      actions={
        <Button kind="primary" wide busy={busy.value} onClick={() => void save()}>
          {t("integrations.webhook_save")}
        </Button>
      }
    >
      <form
        ref={form}
        class={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {failure.value && !shown && (
          <Failure code={failure.value.code} params={failure.value.params} kept={t("integrations.webhook_kept")} />
        )}
        <Field
          label={t("integrations.webhook_url")}
          hint={t("integrations.webhook_url_hint")}
          error={wrong("url")}
          type="url"
          inputMode="url"
          maxLength={1000}
          required
          value={url.value}
          onInput={(value) => {
            url.value = value;
            changed();
          }}
        />
        <Choices
          legend={t("integrations.webhook_events")}
          hint={t("integrations.webhook_events_hint")}
          error={wrong("events")}
          values={chosen.value}
          options={events.map((event) => ({ value: event, text: eventName(event), hint: event }))}
          onChange={(values) => {
            chosen.value = values;
            changed();
          }}
        />
      </form>
    </Sheet>
  );
}

function errorKey(field: string): "errors.notifications.webhook_url_invalid" | "errors.notifications.webhook_events_invalid" {
  return field === "url" ? "errors.notifications.webhook_url_invalid" : "errors.notifications.webhook_events_invalid";
}
