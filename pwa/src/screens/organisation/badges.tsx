/** What the screens of the staff know together, and the words beside a name. */

import type { JSX } from "preact";
import type { Entrusted, Invitation, Member, Place, Staff } from "../../api/organisation";
import { t } from "../../i18n";
import { Badge } from "../../ui/list";

export interface Known {
  staff: Staff;
  functions: Entrusted[];
  places: Place[];
}

export function MemberBadge({ member }: { member: Member }): JSX.Element | null {
  if (member.state === "blocked") return <Badge tone="stop">{t("organisation.blocked")}</Badge>;
  if (member.state === "ended") return <Badge tone="care">{t("organisation.ended")}</Badge>;
  return member.role === "head" ? <Badge tone="brand">{t("organisation.head")}</Badge> : null;
}

export function InvitationBadge({ invitation }: { invitation: Invitation }): JSX.Element {
  return <Badge tone={invitation.state === "waiting" ? "quiet" : "care"}>{t(`organisation.invitation_${invitation.state}`)}</Badge>;
}
