/** One's own account: who one is here, how one is reached, and from where one is signed in. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { ApiError, call, newKey } from "../../api/client";
import { lang, t } from "../../i18n";
import { online } from "../../store/network";
import { confirmed } from "../../store/passkeys";
import { me, signOut } from "../../store/session";
import { Button } from "../../ui/button";
import { Facts, Page, Section } from "../../ui/page";
import { OfflineNote } from "../../ui/states";
import css from "./account.module.css";
import { Contacts } from "./contacts";
import { Passkeys } from "./passkeys";
import { Refused } from "./refused";
import { Sessions } from "./sessions";

export default function Account(): JSX.Element | null {
  const person = me.value;
  if (!person) return null;
  const { names, bin } = person.organisation;
  return (
    <Page title={t("account.title")} lead={t("account.lead")}>
      {!online.value && <OfflineNote />}
      <Section title={t("account.who")}>
        <Facts
          facts={[
            [t("account.name"), person.person.name],
            [t("account.organisation"), names[lang.value]],
            [t("account.bin"), bin],
          ]}
        />
        <Leaving />
      </Section>
      <Contacts />
      <Passkeys />
      <Sessions />
    </Page>
  );
}

function Leaving(): JSX.Element {
  const { route } = useLocation();
  const busy = useSignal(false);
  const failure = useSignal<ApiError | null>(null);

  async function leave(everywhere: boolean): Promise<void> {
    busy.value = true;
    failure.value = null;
    try {
      if (everywhere) await endOthers();
      await signOut();
      route("/");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  return (
    <>
      <div class={css.buttons}>
        <Button busy={busy.value} onClick={() => void leave(false)}>
          {t("account.sign_out")}
        </Button>
        <Button kind="plain" busy={busy.value} onClick={() => void leave(true)}>
          {t("account.sign_out_everywhere")}
        </Button>
      </div>
      {failure.value && <Refused error={failure.value} />}
    </>
  );
}

function endOthers(): Promise<unknown> {
  const key = newKey();
  return confirmed("session:revoke_others", me.value?.person.id ?? "", (confirmation) =>
    call("/api/v1/auth/sessions/revoke-others", { method: "POST", body: { confirmation }, key: confirmation ?? key }),
  );
}
