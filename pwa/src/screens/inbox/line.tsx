/** One notification: what happened, the words filled from its values, when, and for which organisation. */

import type { JSX } from "preact";
import { formatDate, formatDateTime, hasWords, type Key, lang, t } from "../../i18n";
import type { Notification } from "../../store/inbox";
import { Badge } from "../../ui/list";
import css from "./inbox.module.css";

export function Line({ notification, onOpen }: { notification: Notification; onOpen: () => void }): JSX.Element {
  const { kind, params, organisation, created_at, read_at, link } = notification;
  const values = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, spoken(value)]));
  return (
    <li>
      <a class={css.line} href={link} data-fresh={!read_at} onClick={onOpen}>
        <span class={css.dot} aria-hidden="true" />
        <span class={css.words}>
          <span class={css.head}>
            <span class={css.title}>{words(`notifications.kind.${kind}`)}</span>
            {!read_at && <span class="visually-hidden">{t("notifications.unread")}</span>}
          </span>
          <span class={css.text}>{words(`notifications.line.${kind}`, values)}</span>
          <span class={css.foot}>
            <time dateTime={created_at}>{formatDateTime(created_at)}</time>
            {organisation && !("organisation" in params) && <Badge>{organisation[lang.value]}</Badge>}
          </span>
        </span>
      </a>
    </li>
  );
}

/** A kind that this version of the app does not know yet is still a notification. */
function words(key: string, values: Record<string, string | number> = {}): string {
  return hasWords(key) ? t(key as Key, values) : t("notifications.title");
}

/** Names in the language on screen; days and moments as people write them. */
export function spoken(value: Notification["params"][string]): string | number {
  if (typeof value === "object") return value[lang.value];
  if (typeof value === "number") return value;
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return formatDate(value);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? formatDateTime(value) : value;
}
