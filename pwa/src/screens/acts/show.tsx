/** What an act says: where it stands, who and what, what was not taken, what the sides wrote, and what can be done. */

import type { ComponentChildren, JSX } from "preact";
import type { Act } from "../../api/acts";
import { formatDate, formatDateTime, formatMoney, t } from "../../i18n";
import { sends } from "../../store/acts";
import { can } from "../../store/session";
import { Facts, Section } from "../../ui/page";
import { Note } from "../../ui/states";
import { State } from "./act-row";
import css from "./acts.module.css";
import { Attachments } from "./attachments";
import { ChangeList } from "./changes";
import { Corrections, proposed } from "./correct";
import { Discrepancy } from "./discrepancy";
import { Invite } from "./invite";
import { Share } from "./share";
import own from "./show.module.css";
import { Verbs } from "./verbs";
import { AWAITED, called, deadline, other, product, urgent } from "./words";

export function Standing({ act }: { act: Act }): JSX.Element {
  const due = deadline(act);
  return (
    <div class={css.standing}>
      <p class={own.parties}>
        {called(act.sender)} → {called(act.receiver)}
      </p>
      <Sums act={act} />
      <State act={act} />
      {due && (
        <span class={own.due} data-urgent={urgent(act)}>
          {due}
        </span>
      )}
      {act.state === "partly_accepted" && <span class={own.due}>{t("acts.outcome", { accepted: act.units - act.rejected.length, rejected: act.rejected.length })}</span>}
      {act.late && <span class={css.quiet}>{t("acts.was_late")}</span>}
      <Mended act={act} />
    </div>
  );
}

/** How much it is, before anything else is read. */
export function Sums({ act }: { act: Act }): JSX.Element {
  return (
    <p class={own.sums}>
      <span>{t("acts.units", { count: act.units })}</span>
      {act.packages.length > 0 && <span>{t("acts.boxes", { count: act.packages.length })}</span>}
      {act.total > 0 && <span>{formatMoney(act.total / 100)}</span>}
    </p>
  );
}

/** Nobody else can open it yet. */
const UNSEEN: ReadonlySet<Act["state"]> = new Set<Act["state"]>(["checking", "waiting_participant"]);

/** Whoever decides must not overlook that the papers are not those of yesterday. */
function Mended({ act }: { act: Act }): JSX.Element | null {
  const last = act.corrections.filter(({ state }) => state === "applied").at(-1);
  if (!last || act.ours !== "receiver" || !AWAITED.includes(act.state)) return null;
  return (
    <Note tone="care" title={t("acts.mended", { time: formatDateTime(last.made_at) })}>
      <ChangeList act={act} changes={last.changes} />
    </Note>
  );
}

/** What a state means that nobody sees every day. */
function Meaning({ act }: { act: Act }): JSX.Element | null {
  if (act.state === "checking") return <Note tone="care">{t("acts.about_checking")}</Note>;
  if (act.state === "deciding") return <Note tone="care">{t(act.ours === "sender" ? "acts.about_deciding_sender" : "acts.about_deciding")}</Note>;
  if (act.state === "expired" || act.state === "rejected") return <Note>{t(sends(act) ? "acts.about_returned" : "acts.about_returned_receiver")}</Note>;
  if (proposed(act) && act.ours !== "sender") return <Note tone="care">{t("acts.correction_waits")}</Note>;
  return null;
}

/** Whoever is asked reads what before the buttons that answer. */
const ASKED: ReadonlySet<Act["state"]> = new Set<Act["state"]>(["clarification", "annulment_requested"]);

export function Show({ act, again, deciding }: { act: Act; again: () => void; deciding: boolean }): JSX.Element {
  const asked = ASKED.has(act.state);
  return (
    <>
      <Meaning act={act} />
      {asked && <Remarks act={act} />}
      {(act.refusal || act.rejected.length + act.extra.length > 0) && <Discrepancy act={act} />}
      {proposed(act) && <Corrections act={act} />}
      <Verbs act={act} again={again} />
      {act.state === "waiting_participant" && sends(act) && can("acts:sign") && <Invite act={act} />}
      <Section title={t("acts.goods")}>
        <Goods act={act} />
      </Section>
      {!proposed(act) && <Corrections act={act} />}
      <Attachments act={act} />
      {!asked && <Remarks act={act} />}
      <Section title={t("acts.paper")}>
        <Facts facts={facts(act)} />
      </Section>
      {!deciding && act.sent_at && !UNSEEN.has(act.state) && <Share id={act.id} number={act.number} />}
    </>
  );
}

/** By product: how many, at which price, what that makes; columns where there is room for them. */
export function Goods({ act }: { act: Act }): JSX.Element {
  return (
    <div class={own.room}>
      <ul class={own.table} data-priced={act.total > 0}>
        {act.lines.map((line) => (
          <li key={line.card_id}>
            <span class={own.product}>{product(line)}</span>
            <span>{t("acts.units", { count: line.units })}</span>
            {line.price !== null && <span class={own.price}>× {formatMoney(line.price / 100)}</span>}
            {line.price !== null && <span class={own.sum}>{formatMoney((line.price * line.units) / 100)}</span>}
          </li>
        ))}
        <li class={own.total}>
          <span class={own.product}>{act.packages.length > 0 ? t("acts.total_boxes", { count: act.packages.length }) : t("acts.total")}</span>
          <span>{t("acts.units", { count: act.units })}</span>
          {act.total > 0 && <span class={own.sum}>{formatMoney(act.total / 100)}</span>}
        </li>
      </ul>
    </div>
  );
}

function Remarks({ act }: { act: Act }): JSX.Element | null {
  if (act.remarks.length === 0) return null;
  return (
    <Section title={t("acts.remarks")}>
      {act.remarks.map((one, at) => (
        <div key={at} class={own.remark} data-ours={one.ours}>
          <p class={css.quiet}>
            {one.ours ? t("acts.we_wrote") : other(act)}, {formatDateTime(one.at)}
          </p>
          <p>{one.text}</p>
        </div>
      ))}
    </Section>
  );
}

/** Over without anybody's decision about the goods. */
const ENDED: ReadonlySet<Act["state"]> = new Set<Act["state"]>(["cancelled", "expired"]);

function facts(act: Act): [string, ComponentChildren][] {
  const { contract, waybill, invoice, comment } = act.terms;
  const paper = (one: typeof contract): string | null => (one?.number ? [one.number, one.date && formatDate(one.date)].filter(Boolean).join(", ") : null);
  const party = (one: Act["sender"]): string => [...new Set([called(one), one.tax_number])].filter(Boolean).join(" · ");
  const link = (id: string | null): ComponentChildren => id && <a href={`/acts/${id}`}>{t("acts.open_it")}</a>;
  const all: [string, ComponentChildren | null][] = [
    [t("acts.sender"), party(act.sender)],
    [t("acts.receiver"), party(act.receiver)],
    [t("acts.kind"), t(`acts.kind_${act.kind}`)],
    [t("acts.original"), link(act.original_id)],
    [t("acts.resent_from"), link(act.resent_from)],
    [t("acts.transfer_date"), formatDate(act.transfer_date)],
    [t("acts.sent_at"), act.sent_at && formatDateTime(act.sent_at)],
    [t("acts.viewed_at"), act.viewed_at && formatDateTime(act.viewed_at)],
    [t(ENDED.has(act.state) ? "acts.ended_at" : "acts.decided_at"), act.decided_at && formatDateTime(act.decided_at)],
    [t("acts.mode"), act.decided_at && act.mode ? t(`acts.mode_${act.mode}`, { count: act.sampled ?? 0 }) : null],
    [t("acts.contract"), paper(contract)],
    [t("acts.waybill"), paper(waybill)],
    [t("acts.invoice"), paper(invoice)],
    [t("acts.comment"), comment || null],
  ];
  return all.filter((pair): pair is [string, ComponentChildren] => Boolean(pair[1]));
}
