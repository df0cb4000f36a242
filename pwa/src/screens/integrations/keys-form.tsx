/** A new key. What was typed stays through every refusal. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ApiError, call } from "../../api/client";
import type { components } from "../../api/schema";
import { hasWords, type Key, lang, t } from "../../i18n";
import { confirmed } from "../../store/passkeys";
import { options, reached, tied, usePlaces } from "../../store/places";
import { me } from "../../store/session";
import { Button } from "../../ui/button";
import { Choice, Choices, Field, focusWrong, Select } from "../../ui/field";
import { Sheet } from "../../ui/sheet";
import { Loading } from "../../ui/states";
import css from "./integrations.module.css";
import { Refused } from "./refused";

type Schemas = components["schemas"];
type Offered = Schemas["ScopeList"];
type Scope = Offered["live"][number];
type Days = "30" | "90" | "365";

const DAYS: Days[] = ["30", "90", "365"];

interface NewKeyProps {
  /** Whether there is a sandbox to make test keys of. */
  sandbox: boolean;
  onClose: () => void;
  onMade: (secret: string) => void;
}

export function scopeName(scope: string): string {
  const key = `integrations.scope.${scope}`;
  return hasWords(key) ? t(key) : scope;
}

export function NewKey({ sandbox, onClose, onMade }: NewKeyProps): JSX.Element {
  const offered = useSignal<Offered | null>(null);
  const name = useSignal("");
  const scopes = useSignal<Scope[]>([]);
  const days = useSignal<Days>("365");
  const at = useSignal("");
  const own = usePlaces();
  const place = at.value || (tied(own) ? (reached(own)[0]?.id ?? "") : "");
  const where = useSignal<"live" | "sandbox">("live");
  const failure = useSignal<ApiError | null>(null);
  const busy = useSignal(false);
  const tried = useSignal(false);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    void call<Offered>("/api/v1/api-keys/scopes").then(
      (found) => (offered.value = found),
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        failure.value = error;
      },
    );
  }, []);

  const lacking = { name: !name.value.trim(), scopes: scopes.value.length === 0 };

  async function make(): Promise<void> {
    tried.value = true;
    failure.value = null;
    if (lacking.name || lacking.scopes) {
      setTimeout(() => focusWrong(form.current));
      return;
    }
    busy.value = true;
    const body = {
      name: name.value.trim(),
      scopes: scopes.value,
      expires_at: new Date(Date.now() + Number(days.value) * 86_400_000).toISOString(),
      test: where.value === "sandbox",
      place_id: where.value === "live" && place ? place : null,
    };
    try {
      const made = await confirmed("api_key:create", me.value?.organisation.id ?? "", (confirmation) =>
        call<Schemas["ApiKeyMade"]>("/api/v1/api-keys", { method: "POST", body: confirmation ? { ...body, confirmation } : body }),
      );
      onMade(made.secret);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  return (
    <Sheet
      title={t("integrations.key_add")}
      onClose={onClose}
      actions={
        <Button kind="primary" wide busy={busy.value} disabled={!offered.value} onClick={() => void make()}>
          {t("integrations.key_add")}
        </Button>
      }
    >
      <form
        ref={form}
        class={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Field
          label={t("integrations.key_name")}
          hint={t("integrations.key_name_hint")}
          value={name.value}
          maxLength={80}
          required
          error={tried.value && lacking.name ? t("integrations.key_no_name") : undefined}
          onInput={(value) => (name.value = value)}
        />
        {sandbox && (
          <Choice
            legend={t("integrations.key_where")}
            value={where.value}
            options={[
              { value: "live", text: t("integrations.key_live") },
              { value: "sandbox", text: t("integrations.key_test") },
            ]}
            onChange={(value) => (where.value = value)}
          />
        )}
        {!offered.value && !failure.value && <Loading rows={2} />}
        {offered.value && (
          <Choices
            legend={t("integrations.key_scopes")}
            hint={t("integrations.key_scopes_hint")}
            values={scopes.value}
            options={offered.value[where.value].map((one) => ({ value: one, text: scopeName(one) }))}
            error={tried.value && lacking.scopes ? t("integrations.key_no_scopes") : undefined}
            onChange={(values) => (scopes.value = values)}
          />
        )}
        {where.value === "live" && own.length > 0 && (
          <Select
            label={t("integrations.key_place")}
            hint={t("integrations.key_place_hint")}
            value={place}
            options={[...(tied(own) ? [] : [{ value: "", text: t("integrations.key_everywhere") }]), ...options(reached(own), lang.value)]}
            onChange={(value) => (at.value = value)}
          />
        )}
        <Select
          label={t("integrations.key_expires")}
          value={days.value}
          options={DAYS.map((one) => ({ value: one, text: t(`integrations.key_days.${one}` as Key) }))}
          onChange={(value) => (days.value = value)}
        />
        {failure.value && <Refused error={failure.value} />}
      </form>
    </Sheet>
  );
}
