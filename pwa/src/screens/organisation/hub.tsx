/** What there is to look after, and how much of it; what one may not see is not shown. */

import type { JSX } from "preact";
import { powers, staff } from "../../api/organisation";
import { lang, t } from "../../i18n";
import { can, me } from "../../store/session";
import { online } from "../../store/network";
import type { IconName } from "../../ui/icons";
import { Badge, List, Row } from "../../ui/list";
import { Page } from "../../ui/page";
import { Note, OfflineNote } from "../../ui/states";
import { useLoaded } from "./loaded";

interface Part {
  href: string;
  icon: IconName;
  title: string;
  text: string;
  count: number;
  allowed: boolean;
}

/** How many things of a former head wait for a word. */
async function suspended(): Promise<{ powers: number; invitations: number }> {
  if (!can("staff:manage")) return { powers: 0, invitations: 0 };
  const [given, people] = await Promise.all([powers(), staff()]);
  return {
    powers: given.given.filter((one) => one.state === "suspended").length,
    invitations: people.invitations.filter((one) => one.state === "suspended").length,
  };
}

export function Hub(): JSX.Element {
  const { value } = useLoaded(suspended);
  const waiting = value.value ?? { powers: 0, invitations: 0 };
  const own = me.value;
  return (
    <Page title={t("organisation.title")} lead={own?.organisation.names[lang.value]} back={{ href: "/home", text: t("app.home") }}>
      {!online.value && <OfflineNote />}
      {own?.head && waiting.powers + waiting.invitations > 0 && (
        <Note tone="care" title={t("organisation.review")}>
          {t("organisation.review_text")}
        </Note>
      )}
      <List label={t("organisation.title")}>
        {parts(waiting).map(({ href, icon, title, text, count }) => (
          <Row key={href} href={href} icon={icon} title={title} text={text} side={count > 0 ? <Badge tone="care">{count}</Badge> : undefined} />
        ))}
      </List>
    </Page>
  );
}

function parts(waiting: { powers: number; invitations: number }): Part[] {
  const all: Part[] = [
    { href: "/organisation/profile", icon: "organisation", title: t("organisation.profile"), text: t("organisation.profile_text"), count: 0, allowed: true },
    { href: "/organisation/places", icon: "place", title: t("organisation.places"), text: t("organisation.places_text"), count: 0, allowed: true },
    { href: "/organisation/staff", icon: "people", title: t("organisation.staff"), text: t("organisation.staff_text"), count: waiting.invitations, allowed: can("staff:manage") },
    { href: "/organisation/powers", icon: "document", title: t("organisation.powers"), text: t("organisation.powers_text"), count: waiting.powers, allowed: can("staff:manage") },
    { href: "/organisation/audit", icon: "history", title: t("organisation.audit"), text: t("organisation.audit_text"), count: 0, allowed: can("audit:see") },
  ];
  return all.filter(({ allowed }) => allowed);
}
