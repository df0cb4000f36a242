/** One's passkeys: add, rename, remove. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError, call, newKey } from "../../api/client";
import type { components } from "../../api/schema";
import { formatDateTime, t } from "../../i18n";
import { enrolPasskey, passkeysPossible } from "../../store/passkeys";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { List, Row } from "../../ui/list";
import { Section } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Loading } from "../../ui/states";
import css from "./account.module.css";
import { Refused } from "./refused";

type Passkey = components["schemas"]["PasskeyOut"];

const PATH = "/api/v1/auth/passkeys";

export function Passkeys(): JSX.Element {
  const all = useSignal<Passkey[] | null>(null);
  const failure = useSignal<ApiError | null>(null);
  const open = useSignal<Passkey | null>(null);
  const busy = useSignal(false);
  const said = useSignal("");

  async function load(): Promise<void> {
    failure.value = null;
    try {
      all.value = (await call<components["schemas"]["PasskeyList"]>(PATH)).passkeys;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  async function add(): Promise<void> {
    busy.value = true;
    failure.value = null;
    said.value = "";
    try {
      if (!(await enrolPasskey(t("account.passkey_default")))) return;
      said.value = t("account.passkey_added");
      await load();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  useEffect(() => void load(), []);

  return (
    <Section title={t("account.passkeys")}>
      <p class={css.lead}>{t("account.passkeys_lead")}</p>
      {!all.value && !failure.value && <Loading rows={1} />}
      {all.value?.length === 0 && <p class={css.lead}>{t("account.passkeys_empty")}</p>}
      {all.value && all.value.length > 0 && (
        <List label={t("account.passkeys")}>
          {all.value.map((one) => (
            <Row key={one.id} icon="key" title={one.name} text={usage(one)} onClick={() => (open.value = one)} />
          ))}
        </List>
      )}
      {failure.value && <Refused error={failure.value} onRetry={() => void load()} />}
      <div class={css.buttons}>
        {passkeysPossible ? (
          <Button icon="plus" busy={busy.value} onClick={() => void add()}>
            {t("account.passkey_add")}
          </Button>
        ) : (
          <p class={css.lead}>{t("account.passkeys_impossible")}</p>
        )}
        <p class={css.said} role="status">
          {said.value}
        </p>
      </div>
      {open.value && (
        <One
          passkey={open.value}
          onClose={() => (open.value = null)}
          onDone={() => {
            open.value = null;
            void load();
          }}
        />
      )}
    </Section>
  );
}

function usage({ created_at, used_at }: Passkey): string {
  return used_at
    ? t("account.passkey_used", { at: formatDateTime(used_at) })
    : t("account.passkey_created", { at: formatDateTime(created_at) });
}

function One({ passkey, onClose, onDone }: { passkey: Passkey; onClose: () => void; onDone: () => void }): JSX.Element {
  const name = useSignal(passkey.name);
  const failure = useSignal<ApiError | null>(null);
  const busy = useSignal(false);

  async function change(method: "PATCH" | "DELETE"): Promise<void> {
    busy.value = true;
    failure.value = null;
    try {
      const body = method === "PATCH" ? { body: { name: name.value.trim() } } : {};
      await call(`${PATH}/${passkey.id}`, { method, key: newKey(), ...body });
      onDone();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  const same = !name.value.trim() || name.value.trim() === passkey.name;
  return (
    <Sheet
      title={passkey.name}
      onClose={onClose}
      actions={
        <>
          <Button kind="danger" icon="bin" busy={busy.value} onClick={() => void change("DELETE")}>
            {t("account.passkey_remove")}
          </Button>
          <Button kind="primary" busy={busy.value} disabled={same} onClick={() => void change("PATCH")}>
            {t("app.save")}
          </Button>
        </>
      }
    >
      <Field label={t("account.passkey_name")} value={name.value} maxLength={80} onInput={(value) => (name.value = value)} />
      <p class={css.lead}>{t("account.passkey_remove_hint")}</p>
      {failure.value && <Refused error={failure.value} />}
    </Sheet>
  );
}
