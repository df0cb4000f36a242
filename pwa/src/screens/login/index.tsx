/** Log-in: one signature, and who has no cabinet yet goes on to registration with the same one. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { ApiError } from "../../api/client";
import type { Mandate } from "../../api/identity";
import { lang, t } from "../../i18n";
import { signChallenge } from "../../sign/challenge";
import { enter, type Entry } from "../../store/entry";
import { online } from "../../store/network";
import { passkeyKnown, passkeyLogin } from "../../store/passkeys";
import { ended } from "../../store/session";
import { Button } from "../../ui/button";
import { List, Row } from "../../ui/list";
import { Page, Section } from "../../ui/page";
import { Failure, OfflineNote } from "../../ui/states";
import { Asked } from "./asked";
import css from "./login.module.css";
import { whereTo } from "./next";

export default function Login(): JSX.Element {
  const { query, route } = useLocation();
  const busy = useSignal(false);
  const failure = useSignal<ApiError | null>(null);
  const choosing = useSignal<Extract<Entry, { kind: "choose" }> | null>(null);

  const attempt = async (work: () => Promise<Entry | null>): Promise<void> => {
    busy.value = true;
    failure.value = null;
    try {
      const entry = await work();
      if (entry?.kind === "choose") choosing.value = entry;
      if (entry?.kind === "registration") route("/register");
      if (entry?.kind === "signed_in") route(whereTo(query["next"], location.origin), true);
    } catch (error) {
      choosing.value = null;
      failure.value = error instanceof ApiError ? error : new ApiError("request.unexpected", 0);
    } finally {
      busy.value = false;
    }
  };
  const sign = (): Promise<void> =>
    attempt(async () => {
      const proof = await signChallenge({ title: t("registration.login"), name: t("registration.login_document") });
      return proof && enter(proof);
    });

  const passkey = (): Promise<void> => attempt(async () => ((await passkeyLogin()) ? { kind: "signed_in" } : null));

  const entry = choosing.value;
  if (entry) return <Organisations among={entry.among} onChoose={(id) => void attempt(() => enter(entry.proof, id))} />;
  return (
    <Page title={t("registration.login")} lead={t("registration.login_lead")}>
      {ended.value && !failure.value && <Failure code={ended.value} />}
      {!ended.value && !failure.value && <Asked wanted={query["next"]} origin={location.origin} />}
      {!online.value && <OfflineNote text={t("registration.needs_network")} />}
      {failure.value && <Failure code={failure.value.code} params={failure.value.params} />}
      <div class={css.ways}>
        <Button kind="primary" icon="key" wide busy={busy.value} onClick={() => void sign()}>
          {t("registration.login_sign")}
        </Button>
        {passkeyKnown() && (
          <Button icon="person" wide busy={busy.value} onClick={() => void passkey()}>
            {t("registration.login_passkey")}
          </Button>
        )}
      </div>
      <Section title={t("registration.newcomer")}>
        <p>{t("registration.newcomer_text")}</p>
        <div>
          <Button href="/register">{t("registration.register")}</Button>
        </div>
      </Section>
      <p class={css.consumer}>{t("registration.consumer")}</p>
    </Page>
  );
}

function Organisations({ among, onChoose }: { among: Mandate[]; onChoose: (id: string) => void }): JSX.Element {
  return (
    <Page title={t("registration.choose")} lead={t("registration.choose_lead")}>
      <List label={t("registration.choose")}>
        {among.map(({ id, names }) => (
          <Row key={id} title={names[lang.value]} icon="organisation" onClick={() => onChoose(id)} />
        ))}
      </List>
    </Page>
  );
}
