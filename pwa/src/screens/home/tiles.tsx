/** What this person may do here; what they may not is not shown. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { registrations } from "../../api/desk";
import { unread } from "../../badge";
import { t } from "../../i18n";
import { can, me } from "../../store/session";
import type { IconName } from "../../ui/icons";
import { Badge, List, Row } from "../../ui/list";
import css from "./home.module.css";

interface Tile {
  href: string;
  icon: IconName;
  title: string;
  text: string;
  count?: number;
}

export function Tiles(): JSX.Element {
  const waiting = useSignal(0);
  useEffect(() => {
    if (can("registrations:review")) registrations("submitted").then((page) => (waiting.value = page.waiting), () => undefined);
  }, [me.value]);
  return (
    <div class={css.tiles}>
      <List label={t("registration.home_tiles")}>
        {tiles(waiting.value).map(({ href, icon, title, text, count }) => (
          <Row key={href} href={href} icon={icon} title={title} text={text} side={count ? <Badge tone="brand">{count}</Badge> : undefined} />
        ))}
      </List>
    </div>
  );
}

function tiles(waiting: number): Tile[] {
  const all: (Tile & { allowed: boolean })[] = [
    { href: "/desk", icon: "desk", title: t("registration.desk"), text: t("registration.home_desk"), count: waiting, allowed: can("registrations:review") },
    { href: "/acts", icon: "document", title: t("acts.title"), text: t("acts.home"), allowed: can("acts:see") },
    { href: "/stock", icon: "stock", title: t("stock.title"), text: t("stock.home"), allowed: can("codes:see") && me.value?.organisation.kind !== "operator" },
    { href: "/inbox", icon: "bell", title: t("registration.home_inbox"), text: t("registration.home_inbox_text"), count: unread.value, allowed: true },
    { href: "/organisation", icon: "organisation", title: t("registration.home_organisation"), text: t("registration.home_organisation_text"), allowed: true },
    { href: "/organisation/staff", icon: "people", title: t("registration.home_staff"), text: t("registration.home_staff_text"), allowed: can("staff:manage") },
    { href: "/integrations", icon: "link", title: t("registration.home_integrations"), text: t("registration.home_integrations_text"), allowed: can("integrations:manage") },
    { href: "/account", icon: "person", title: t("registration.home_account"), text: t("registration.home_account_text"), allowed: true },
    { href: "/help", icon: "help", title: t("registration.home_help"), text: t("registration.home_help_text"), allowed: true },
  ];
  return all.filter(({ allowed }) => allowed);
}
