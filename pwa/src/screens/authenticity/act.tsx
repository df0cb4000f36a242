/** An act as the public may know it: that it exists, between whom, where it stands, and who signed. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type Authentic, checkAct, type PublicSignature } from "../../api/authenticity";
import { formatDate, formatDateTime, lang, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { Facts, Section } from "../../ui/page";
import { Failure, Loading, Note, OfflineNote } from "../../ui/states";
import css from "./authenticity.module.css";
import { Standing } from "./standing";

const TAKEN = new Set<Authentic["state"]>(["accepted", "partly_accepted", "annulment_requested"]);
const VOID = new Set<Authentic["state"]>(["rejected", "expired", "cancelled", "annulled"]);

export function OneAct({ token }: { token: string }): JSX.Element {
  const found = useSignal<Authentic | null>(null);
  const { busy, failure, run } = useAttempt();
  const load = (): void => void run(async () => void (found.value = await checkAct(token)));
  useEffect(load, [token]);
  const act = found.value;
  return (
    <>
      {!online.value && <OfflineNote />}
      {failure?.code === "acts.link_unknown" ? (
        <Standing look="stop" title={t("paper.no_such")}>
          <p>{t("errors.acts.link_unknown")}</p>
        </Standing>
      ) : (
        failure && <Failure code={failure.code} params={failure.params} onRetry={load} />
      )}
      {busy && !act && <Loading rows={4} />}
      {act && <Shown act={act} />}
    </>
  );
}

function Shown({ act }: { act: Authentic }): JSX.Element {
  const look = VOID.has(act.state) ? "stop" : TAKEN.has(act.state) && !act.test ? "ok" : "care";
  const title = VOID.has(act.state) ? "paper.genuine_void" : TAKEN.has(act.state) ? "paper.genuine_signed" : "paper.genuine";
  return (
    <>
      <Standing look={look} title={t(title)}>
        <p>{t(`paper.state_${act.state as "sent"}`)}</p>
        {act.test && <p>{t("paper.test")}</p>}
      </Standing>
      {act.corrected && <Note tone="care">{t("paper.corrected")}</Note>}
      <Section>
        <Facts facts={facts(act)} />
        <p class={css.quiet}>{t("paper.privacy")}</p>
      </Section>
      <Section title={t("paper.signatures")}>
        {act.signatures.map((one, at) => (
          <Signature key={at} one={one} party={party(one.side === "sender" ? act.sender : act.receiver)} />
        ))}
        {!act.signatures.some((one) => one.side === "receiver") && <p class={css.quiet}>{t("paper.no_receiver")}</p>}
      </Section>
    </>
  );
}

function Signature({ one, party }: { one: PublicSignature; party: string }): JSX.Element {
  const rows: [string, ComponentChildren][] = [
    [t(one.side === "sender" ? "paper.side_sender" : "paper.side_receiver"), party],
    [t("paper.certificate"), one.organisation ? [one.organisation, one.bin].filter(Boolean).join(" · ") : t("paper.individual")],
    [t("paper.algorithm"), one.algorithm],
    [t("paper.received_at"), formatDateTime(one.received_at)],
    [t("paper.stamped_at"), one.stamped_at && formatDateTime(one.stamped_at)],
  ];
  return (
    <article class={css.signature}>
      <h3>
        {t(`paper.subject_${one.subject}`)}
        <span class={css.outcome} data-outcome={one.state}>
          {t(`paper.standing_${one.state}`)}
        </span>
      </h3>
      <Facts facts={rows.filter(([, value]) => Boolean(value))} />
    </article>
  );
}

function facts(act: Authentic): [string, ComponentChildren][] {
  const all: [string, ComponentChildren | null][] = [
    [t("paper.number"), act.number],
    [t("paper.date"), formatDate(act.transfer_date)],
    [t("paper.kind"), t(`paper.kind_${act.kind}`)],
    [t("paper.sender"), party(act.sender)],
    [t("paper.receiver"), party(act.receiver)],
    [t("paper.units"), t("paper.units_count", { count: act.units })],
    [t("paper.sent_at"), act.sent_at && formatDateTime(act.sent_at)],
    [t("paper.decided_at"), act.decided_at && formatDateTime(act.decided_at)],
    [t("paper.sha256"), <code class={css.digest}>{act.sha256}</code>],
  ];
  return all.filter((pair): pair is [string, ComponentChildren] => Boolean(pair[1]));
}

function party(one: Authentic["sender"]): string {
  return [lang.value === "kk" ? one.kk : one.ru, one.tax_number].filter(Boolean).join(" · ");
}
