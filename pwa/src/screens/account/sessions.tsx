/** Where one is signed in; one session or all others can be ended from here. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError, call, newKey } from "../../api/client";
import type { components } from "../../api/schema";
import { formatDateTime, t } from "../../i18n";
import { confirmed } from "../../store/passkeys";
import { me } from "../../store/session";
import { Button } from "../../ui/button";
import { Badge, List, Row } from "../../ui/list";
import { Facts, Section } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Loading } from "../../ui/states";
import css from "./account.module.css";
import { Refused } from "./refused";

type Session = components["schemas"]["SessionOut"];

const PATH = "/api/v1/auth/sessions";

export function Sessions(): JSX.Element {
  const all = useSignal<Session[] | null>(null);
  const failure = useSignal<ApiError | null>(null);
  const open = useSignal<Session | "others" | null>(null);
  const said = useSignal("");

  async function load(): Promise<void> {
    failure.value = null;
    try {
      all.value = (await call<components["schemas"]["SessionList"]>(PATH)).sessions;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  useEffect(() => void load(), []);

  function done(count: number): void {
    open.value = null;
    said.value = t("account.others_ended", { count });
    void load();
  }

  // This device first, the others as they were last used.
  const found = [...(all.value ?? [])].sort((one, two) => Number(two.current) - Number(one.current) || two.seen_at.localeCompare(one.seen_at));
  return (
    <Section title={t("account.sessions")}>
      {failure.value && <Refused error={failure.value} onRetry={() => void load()} />}
      {!all.value && !failure.value && <Loading />}
      {found.length > 0 && (
        <List label={t("account.sessions")}>
          {found.map((one) => (
            <Row
              key={one.id}
              icon={/Android|iPhone|iPad/.test(one.device) ? "phone" : "computer"}
              title={one.device || t("account.session_unknown")}
              text={t("account.session_seen", { at: formatDateTime(one.seen_at) })}
              side={side(one)}
              {...(one.current ? {} : { onClick: () => (open.value = one) })}
            />
          ))}
        </List>
      )}
      <div class={css.buttons}>
        {found.length > 1 && (
          <Button kind="danger" onClick={() => (open.value = "others")}>
            {t("account.others_end")}
          </Button>
        )}
        <p class={css.said} role="status">
          {said.value}
        </p>
      </div>
      {open.value && <Ending what={open.value} onClose={() => (open.value = null)} onDone={done} />}
    </Section>
  );
}

function side(one: Session): JSX.Element | null {
  if (one.current) return <Badge tone="ok">{t("account.session_here")}</Badge>;
  return one.organisation_id === me.value?.organisation.id ? null : <Badge>{t("account.session_other")}</Badge>;
}

interface EndingProps {
  what: Session | "others";
  onClose: () => void;
  onDone: (count: number) => void;
}

function Ending({ what, onClose, onDone }: EndingProps): JSX.Element {
  const failure = useSignal<ApiError | null>(null);
  const busy = useSignal(false);
  const all = what === "others";

  async function end(): Promise<void> {
    busy.value = true;
    failure.value = null;
    try {
      onDone(all ? await endOthers() : await endOne(what.id));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  return (
    <Sheet
      title={all ? t("account.others_end") : what.device || t("account.session_unknown")}
      onClose={onClose}
      actions={
        <Button kind="danger" wide busy={busy.value} onClick={() => void end()}>
          {t(all ? "account.others_end" : "account.session_revoke")}
        </Button>
      }
    >
      {!all && (
        <Facts
          facts={[
            [t("account.session_opened"), formatDateTime(what.created_at)],
            [t("account.session_last"), formatDateTime(what.seen_at)],
            [t("account.session_ends"), formatDateTime(what.expires_at)],
            [t("account.session_via"), t(what.via === "passkey" ? "account.via.passkey" : "account.via.session")],
          ]}
        />
      )}
      <p class={css.lead}>{t(all ? "account.others_hint" : "account.session_revoke_hint")}</p>
      {failure.value && <Refused error={failure.value} />}
    </Sheet>
  );
}

async function endOne(id: string): Promise<number> {
  await confirmed("session:revoke", id, (confirmation) =>
    call(`${PATH}/${id}${confirmation ? `?confirmation=${confirmation}` : ""}`, { method: "DELETE", key: newKey() }),
  );
  return 1;
}

async function endOthers(): Promise<number> {
  const { ended } = await confirmed("session:revoke_others", me.value?.person.id ?? "", (confirmation) =>
    call<{ ended: number }>(`${PATH}/revoke-others`, { method: "POST", body: { confirmation }, key: newKey() }),
  );
  return ended;
}
