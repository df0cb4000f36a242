/** What to have at hand before the first signature, so that nobody gets stuck half-way (S0-07). */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { probeNCALayer } from "../../sign";
import { signChallenge } from "../../sign/challenge";
import { useAttempt } from "../../store/attempt";
import { enter } from "../../store/entry";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icons";
import { Page } from "../../ui/page";
import { Failure, OfflineNote } from "../../ui/states";
import { load } from "./application";
import { Awaited } from "./awaited";
import css from "./register.module.css";

export function Checklist(): JSX.Element {
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  const begin = async (): Promise<void> => {
    const proof = await signChallenge({ title: t("registration.begin_title"), name: t("registration.login_document") });
    if (!proof) return;
    const entry = await enter(proof);
    if (entry.kind === "registration") await load();
    else route(entry.kind === "signed_in" ? "/home" : "/login");
  };
  return (
    <Page title={t("registration.title")} lead={t("registration.lead")} back={{ href: "/login", text: t("registration.login") }}>
      {!online.value && <OfflineNote text={t("registration.needs_network")} />}
      <Awaited />
      <ol class={css.needs}>
        <li>
          <Icon name="key" size={28} />
          <h2>{t("registration.need_key")}</h2>
          <p>{t("registration.need_key_text")}</p>
          <div>
            <Button kind="plain" icon="away" href="https://egov.kz/" away>
              {t("registration.need_key_link")}
            </Button>
          </div>
        </li>
        <li>
          <Icon name="person" size={28} />
          <h2>{t("registration.need_way")}</h2>
          <ul class={css.ways}>
            <li>{t("registration.way_file")}</li>
            <li>{t("registration.way_egov")}</li>
            <li>
              {t("registration.way_ncalayer")}
              <NCALayer />
            </li>
          </ul>
        </li>
        <li>
          <Icon name="mail" size={28} />
          <h2>{t("registration.need_contact")}</h2>
          <p>{t("registration.need_contact_text")}</p>
        </li>
      </ol>
      {failure && <Failure code={failure.code} params={failure.params} />}
      <Button kind="primary" icon="key" wide busy={busy} onClick={() => void run(begin)}>
        {t("registration.begin")}
      </Button>
    </Page>
  );
}

type Found = Awaited<ReturnType<typeof probeNCALayer>>;

/** Looked for only when asked: the browser puts a question to the person before it lets a page look. */
function NCALayer(): JSX.Element {
  const found = useSignal<Found | "looking" | null>(null);
  const look = async (): Promise<void> => {
    found.value = "looking";
    found.value = await probeNCALayer().catch(() => "absent" as const);
  };
  return (
    <div class={css.row}>
      <Button kind="plain" icon="renew" busy={found.value === "looking"} onClick={() => void look()}>
        {t("registration.ncalayer_look")}
      </Button>
      <span role="status">{found.value && t(`registration.ncalayer_${found.value}`)}</span>
      {found.value === "absent" && (
        <Button kind="plain" icon="away" href="https://ncl.pki.gov.kz/" away>
          {t("registration.ncalayer_get")}
        </Button>
      )}
    </div>
  );
}
