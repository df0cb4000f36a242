/** Programs of the organisation: their keys, the sandbox, webhooks, and how to begin. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError, call, newKey } from "../../api/client";
import type { components } from "../../api/schema";
import { lang, t } from "../../i18n";
import { online } from "../../store/network";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { List, Row } from "../../ui/list";
import { Page, Section } from "../../ui/page";
import { Failure, Loading, Note, OfflineNote } from "../../ui/states";
import { How } from "./how";
import css from "./integrations.module.css";
import { Keys } from "./keys";

type State = components["schemas"]["SandboxState"];

const PATH = "/api/v1/sandbox";

export default function Integrations(): JSX.Element {
  const state = useSignal<State | null>(null);
  const failure = useSignal<ApiError | null>(null);
  const allowed = can("integrations:manage");

  async function load(): Promise<void> {
    failure.value = null;
    try {
      state.value = await call<State>(PATH);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  useEffect(() => {
    if (allowed) void load();
  }, [allowed]);

  if (!allowed) {
    return (
      <Page title={t("integrations.title")}>
        <Note>{t("integrations.forbidden")}</Note>
      </Page>
    );
  }
  return (
    <Page title={t("integrations.title")} lead={t("integrations.lead")}>
      {!online.value && <OfflineNote />}
      <Keys sandbox={Boolean(state.value?.sandbox)} />
      <List>
        <Row icon="link" href="/integrations/webhooks" title={t("integrations.webhooks")} text={t("integrations.webhooks_text")} />
      </List>
      <Section title={t("integrations.sandbox")}>
        <p class={css.lead}>{t("integrations.sandbox_lead")}</p>
        {failure.value && <Failure code={failure.value.code} params={failure.value.params} onRetry={() => void load()} />}
        {!state.value && !failure.value && <Loading rows={1} />}
        {state.value && <Sandbox state={state.value} onMade={() => void load()} />}
      </Section>
      <How />
    </Page>
  );
}

function Sandbox({ state, onMade }: { state: State; onMade: () => void }): JSX.Element {
  const failure = useSignal<ApiError | null>(null);
  const busy = useSignal(false);

  async function make(): Promise<void> {
    busy.value = true;
    failure.value = null;
    try {
      await call(PATH, { method: "POST", key: newKey() });
      onMade();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  if (state.sandbox) {
    return (
      <Note title={state.sandbox.names[lang.value]}>
        <p>{t("integrations.sandbox_gtin")}</p>
      </Note>
    );
  }
  return (
    <>
      {failure.value && <Failure code={failure.value.code} params={failure.value.params} />}
      <div>
        <Button busy={busy.value} onClick={() => void make()}>
          {t("integrations.sandbox_make")}
        </Button>
      </div>
    </>
  );
}
