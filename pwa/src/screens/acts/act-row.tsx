/** An act in a list: whose it is, where it stands and until when; a row of a table where the list has the whole width. */

import type { JSX } from "preact";
import type { ActRow } from "../../api/acts";
import { t } from "../../i18n";
import { outbox } from "../../store/outbox";
import { Badge } from "../../ui/list";
import css from "./act-row.module.css";
import { day, deadline, other, TONES, urgent } from "./words";

export function OneAct({ act, current }: { act: ActRow; current: boolean }): JSX.Element {
  const due = deadline(act);
  const fresh = act.state === "sent" && act.ours === "receiver";
  return (
    <li>
      <a class={css.act} href={`/acts/${act.id}`} data-fresh={fresh} aria-current={current ? "true" : undefined}>
        <span class={css.who}>{other(act)}</span>
        <span class={css.state}>
          <State act={act} />
        </span>
        <span class={css.facts}>
          <span>{t("acts.number", { number: act.number })}</span>
          <span class={css.units}>{t("acts.units", { count: act.units })}</span>
          <span class={css.day}>{day(act)}</span>
        </span>
        {due && (
          <span class={css.due} data-urgent={urgent(act)}>
            {due}
          </span>
        )}
      </a>
    </li>
  );
}

/** What waits on this device comes before what the server knows. */
export function State({ act }: { act: ActRow }): JSX.Element {
  const waiting = outbox.value.filter(({ subject }) => subject === `act:${act.id}`);
  if (waiting.some(({ refused }) => refused)) return <Badge tone="stop">{t("acts.needs_you")}</Badge>;
  if (waiting.length > 0) return <Badge tone="care">{t("acts.queued")}</Badge>;
  // Whoever receives it has sent nothing: to them it is new.
  const name = act.state === "sent" && act.ours === "receiver" ? "new" : act.state;
  return <Badge tone={TONES[act.state]}>{t(`acts.state_${name}`)}</Badge>;
}
