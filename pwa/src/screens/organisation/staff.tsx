/** The staff: everybody and every open invitation, and beside the list the one who is chosen or being invited. */

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { entrustable, type Member, places, type Staff, staff } from "../../api/organisation";
import { compareNames, formatDate, t } from "../../i18n";
import { can } from "../../store/session";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { List, Row } from "../../ui/list";
import { Page } from "../../ui/page";
import { Empty, Failure, Loading, OfflineNote } from "../../ui/states";
import { InvitationBadge, type Known, MemberBadge } from "./badges";
import { InvitationPane, Invite } from "./invite";
import { useLoaded } from "./loaded";
import { MemberPane } from "./member";
import css from "./organisation.module.css";

async function load(): Promise<Known> {
  const [people, functions, where] = await Promise.all([staff(), entrustable(), places()]);
  return { staff: people, functions, places: where };
}

export function StaffPage({ id }: { id: string | null }): JSX.Element {
  const { value, failure, again } = useLoaded(load);
  const back = id ? { href: "/organisation/staff", text: t("organisation.staff") } : { href: "/organisation", text: t("organisation.title") };
  const add = (
    <Button kind="primary" icon="plus" href="/organisation/staff/new">
      {t("organisation.invite")}
    </Button>
  );
  return (
    <Page wide title={t("organisation.staff")} back={back} actions={can("staff:manage") && id === null ? add : undefined}>
      {!online.value && <OfflineNote />}
      {failure && <Failure code={failure.code} params={failure.params} onRetry={again} />}
      {!value.value && !failure && <Loading rows={4} />}
      {value.value && (
        <div class={css.panes} data-open={id !== null}>
          <div class={css.side}>
            <People staff={value.value.staff} current={id} />
          </div>
          <div class={css.detail}>
            <Pane id={id} known={value as Signal<Known>} again={again} />
          </div>
        </div>
      )}
    </Page>
  );
}

function People({ staff: { members, invitations }, current }: { staff: Staff; current: string | null }): JSX.Element {
  const people = [...members].sort((a, b) => Number(b.role === "head") - Number(a.role === "head") || compareNames(a.name, b.name));
  return (
    <>
      <List label={t("organisation.staff")}>
        {people.map((one) => (
          <Row
            key={one.id}
            href={`/organisation/staff/${one.id}`}
            icon="person"
            title={one.own ? `${one.name} (${t("organisation.you")})` : one.name}
            text={about(one)}
            current={one.id === current}
            side={<MemberBadge member={one} />}
          />
        ))}
      </List>
      {invitations.length > 0 && (
        <>
          <h2>{t("organisation.invitations")}</h2>
          <List label={t("organisation.invitations")}>
            {invitations.map((one) => (
              <Row
                key={one.id}
                href={`/organisation/staff/${one.id}`}
                icon="mail"
                title={one.name}
                text={one.functions.map((name) => t(`organisation.fn_${name}`)).join(" · ")}
                current={one.id === current}
                side={<InvitationBadge invitation={one} />}
              />
            ))}
          </List>
        </>
      )}
      {members.length === 1 && invitations.length === 0 && <Empty text={t("organisation.staff_empty")} />}
    </>
  );
}

function Pane({ id, known, again }: { id: string | null; known: Signal<Known>; again: () => void }): JSX.Element {
  const { staff: people } = known.value;
  const took = (next: Staff): void => void (known.value = { ...known.value, staff: next });
  if (id === "new") return <Invite known={known.value} again={again} />;
  const member = people.members.find((one) => one.id === id);
  if (member) return <MemberPane key={member.id} member={member} known={known.value} again={again} took={took} />;
  const invitation = people.invitations.find((one) => one.id === id);
  if (invitation) return <InvitationPane key={invitation.id} invitation={invitation} took={took} />;
  return id ? <Failure code="organisations.member_unknown" /> : <p class={css.choose}>{t("organisation.choose_member")}</p>;
}

function about({ title, role, functions, valid_until }: Member): string {
  const rights = role === "head" ? t("organisation.head_all") : functions.map((name) => t(`organisation.fn_${name}`)).join(" · ");
  const until = valid_until ? t("organisation.until", { day: formatDate(valid_until) }) : "";
  return [title, rights, until].filter(Boolean).join(" · ");
}
