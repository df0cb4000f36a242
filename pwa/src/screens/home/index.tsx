/** The cabinet's first page: whose it is, what to do first, and what this person may do here. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { formatDate, hasWords, lang, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { drain, unsent } from "../../store/outbox";
import { loss } from "../../store/outbox-loss";
import { can, me, type Me, signOut, unconfirmed } from "../../store/session";
import { Button } from "../../ui/button";
import { Badge, type Tone } from "../../ui/list";
import { Facts, Page } from "../../ui/page";
import { Failure, Note, OfflineNote } from "../../ui/states";
import { First } from "./first";
import css from "./home.module.css";
import { Tiles } from "./tiles";

const CONTRACT: Record<string, Tone> = { valid: "ok", suspended: "care", ended: "stop" };

export default function Home(): JSX.Element {
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  const who = me.value;
  const unsure = useSignal(false);
  const leave = async (): Promise<void> => {
    if (unsent.value > 0 && !unsure.value) return void (unsure.value = true);
    if (await run(signOut)) route("/", true);
  };
  if (!who) return <Page title={t("app.home")}>{null}</Page>;
  return (
    <Page wide title={who.organisation.names[lang.value]} lead={`${who.person.name}, ${standing(who)}`}>
      {!online.value && unconfirmed.value && <OfflineNote />}
      {loss.value && (
        <Note tone="stop" title={t("outbox.lost_title")}>
          <a href="/outbox">{t("outbox.title")}</a>
        </Note>
      )}
      {who.trust !== "nca-prod" && (
        <p class={css.test}>
          <strong>{t("registration.test")}</strong> {t("registration.home_test")}
        </p>
      )}
      {can("acts:sign") && (
        <div class={css.quick}>
          <Button kind="primary" icon="scan" href="/acts/new">
            {t("meeting.scan_goods")}
          </Button>
          <Button icon="qr" href="/meet">
            {t("meeting.title")}
          </Button>
        </div>
      )}
      <div class={css.first}>
        <First />
      </div>
      <Tiles />
      <div class={css.facts}>
        <Facts facts={facts(who)} />
      </div>
      {failure && <Failure code={failure.code} />}
      {unsure.value && unsent.value > 0 && <Unsent />}
      <div class={css.leave}>
        <Button icon="out" busy={busy} onClick={() => void leave()}>
          {t(unsure.value && unsent.value > 0 ? "acts.leave_anyway" : "registration.home_leave")}
        </Button>
      </div>
    </Page>
  );
}

/** Only whoever did it can send it, so leaving means that it waits for the next sign-in. */
function Unsent(): JSX.Element {
  return (
    <Note tone="care" title={t("acts.unsent", { count: unsent.value })}>
      <p>{t("acts.unsent_text")}</p>
      <Button kind="primary" icon="renew" onClick={() => void drain()}>
        {t("acts.send_now")}
      </Button>
    </Note>
  );
}

function standing({ head, title, organisation }: Me): string {
  if (title) return title;
  if (organisation.kind === "sole_trader" && head) return t("registration.sole_trader");
  return t(head ? "registration.home_head" : "registration.home_employee");
}

function facts({ organisation, valid_until }: Me): [string, JSX.Element | string][] {
  const { kind, trade, bin, contract_state: contract } = organisation;
  const [called, state] = [`registration.kind_${trade ?? kind}`, `registration.contract_${contract ?? ""}`];
  const pairs: [string, JSX.Element | string][] = [[t(kind === "sole_trader" ? "registration.iin" : "registration.bin"), bin]];
  if (hasWords(called)) pairs.push([t("registration.kind"), t(called)]);
  if (contract && hasWords(state)) pairs.push([t("registration.contract"), <Badge key="contract" tone={CONTRACT[contract] ?? "quiet"}>{t(state)}</Badge>]);
  if (valid_until) pairs.push([t("registration.home_until"), formatDate(valid_until)]);
  return pairs;
}
