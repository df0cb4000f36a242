/** How much of the operator's 24 hours is left, in words. */

import type { JSX } from "preact";
import { formatDate, formatTime, t } from "../../i18n";
import { Badge } from "../../ui/list";

const SOON = 4 * 3600_000;

interface DeadlineProps {
  deadline: string;
  overdue: boolean;
  now: number;
}

export function Deadline({ deadline, overdue, now }: DeadlineProps): JSX.Element {
  const until = new Date(deadline).getTime();
  if (overdue || until < now) return <Badge tone="stop">{t("registration.desk_overdue", { hours: hours(now - until) })}</Badge>;
  const today = formatDate(until) === formatDate(now);
  const when = t(today ? "registration.desk_today" : "registration.desk_tomorrow", { time: formatTime(until) });
  return <Badge tone={until - now < SOON ? "care" : "quiet"}>{when}</Badge>;
}

function hours(milliseconds: number): number {
  return Math.max(1, Math.floor(milliseconds / 3600_000));
}
