/** One key: what it may, when it was used, another secret for it, and its end. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError, call, newKey } from "../../api/client";
import { places } from "../../api/organisation";
import type { components } from "../../api/schema";
import { formatDateTime, lang, t } from "../../i18n";
import { confirmed } from "../../store/passkeys";
import { Button } from "../../ui/button";
import { Facts } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Note } from "../../ui/states";
import css from "./integrations.module.css";
import { type ApiKey, State } from "./keys";
import { scopeName } from "./keys-form";
import { Refused } from "./refused";

interface OneKeyProps {
  apiKey: ApiKey;
  onClose: () => void;
  /** With the new secret, if there is one to show. */
  onDone: (secret: string | null) => void;
}

export function OneKey({ apiKey, onClose, onDone }: OneKeyProps): JSX.Element {
  const failure = useSignal<ApiError | null>(null);
  const busy = useSignal(false);
  const at = useSignal("");
  const path = `/api/v1/api-keys/${apiKey.id}`;

  async function attempt(work: () => Promise<string | null>): Promise<void> {
    busy.value = true;
    failure.value = null;
    try {
      onDone(await work());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  useEffect(() => {
    if (apiKey.place_id) places().then((all) => (at.value = all.find(({ id }) => id === apiKey.place_id)?.names[lang.value] ?? ""), () => undefined);
  }, [apiKey.place_id]);

  const rotate = (): Promise<string> =>
    confirmed("api_key:rotate", apiKey.id, async (confirmation) => {
      const body = confirmation ? { confirmation } : {};
      return (await call<components["schemas"]["ApiKeyMade"]>(`${path}/rotate`, { method: "POST", body })).secret;
    });
  const revoke = (): Promise<null> =>
    confirmed("api_key:revoke", apiKey.id, async (confirmation) => {
      await call(`${path}${confirmation ? `?confirmation=${confirmation}` : ""}`, { method: "DELETE", key: newKey() });
      return null;
    });

  const facts: [string, JSX.Element | string][] = [
    [t("integrations.key_state"), <State apiKey={apiKey} />],
    [t("integrations.key_scopes"), apiKey.scopes.map(scopeName).join(", ")],
    [t("integrations.key_hint"), `…${apiKey.hint}`],
    [t("integrations.key_created"), formatDateTime(apiKey.created_at)],
    [t("integrations.key_expires"), formatDateTime(apiKey.expires_at)],
    [t("integrations.key_last"), apiKey.used_at ? formatDateTime(apiKey.used_at) : t("integrations.key_unused")],
  ];
  if (at.value) facts.push([t("integrations.key_place"), at.value]);
  if (apiKey.used_from) facts.push([t("integrations.key_from"), apiKey.used_from]);
  const former = apiKey.former_until && Date.parse(apiKey.former_until) > Date.now() ? apiKey.former_until : null;
  return (
    <Sheet
      title={apiKey.name}
      onClose={onClose}
      actions={
        <>
          <Button kind="danger" icon="bin" busy={busy.value} onClick={() => void attempt(revoke)}>
            {t("integrations.key_revoke")}
          </Button>
          <Button icon="renew" busy={busy.value} onClick={() => void attempt(rotate)}>
            {t("integrations.key_rotate")}
          </Button>
        </>
      }
    >
      <Facts facts={facts} />
      {former && <Note tone="care">{t("integrations.key_former", { at: formatDateTime(former) })}</Note>}
      <p class={css.lead}>{t("integrations.key_rotate_hint")}</p>
      <p class={css.lead}>{t("integrations.key_revoke_hint")}</p>
      {failure.value && <Refused error={failure.value} />}
    </Sheet>
  );
}
