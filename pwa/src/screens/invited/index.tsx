/** A buyer who was sent a link: who hands over how much, and the way into the act. The goods themselves are not shown. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { actOf, type Invited, openInvitation } from "../../api/act-life";
import { type Application, ownApplication } from "../../api/registration";
import { lastDay } from "../../domain/term";
import { formatDate, formatNumber, type Key, lang, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { applied } from "../../store/entry";
import { keepInvitation } from "../../store/invited";
import { online } from "../../store/network";
import { me, signedIn } from "../../store/session";
import { Button } from "../../ui/button";
import { Facts, Page } from "../../ui/page";
import { Failure, Loading, Note, OfflineNote } from "../../ui/states";

export default function InvitedPage(): JSX.Element {
  const found = useSignal<Invited | null>(null);
  const own = useSignal<Application | null>(null);
  const { failure, run } = useAttempt();
  // Behind the #, where no server sees it.
  const token = decodeURIComponent(location.hash.slice(1));
  const load = (): Promise<boolean> =>
    run(async () => {
      const said = await openInvitation(token);
      found.value = said;
      if (said.standing !== "waiting") return;
      keepInvitation({ token, act: actOf(token), number: said.number, receiver: said.receiver_tax_number, sender: said.sender });
      if (applied()) own.value = await ownApplication().catch(() => null);
    });
  useEffect(() => void load(), [token]);
  const now = found.value;
  return (
    <Page title={t("acts.invited")} lead={now ? t("acts.invited_lead", { sender: now.sender[lang.value] }) : undefined}>
      {!online.value && <OfflineNote text={t("acts.needs_network")} />}
      {failure && <Failure code={failure.code} params={failure.params} onRetry={failure.passing ? () => void load() : undefined} />}
      {!now && !failure && <Loading rows={4} />}
      {now && <Told invited={now} act={actOf(token)} own={own.value} />}
    </Page>
  );
}

/** What to do stands first: it must not be looked for under the facts on a small screen. */
function Told({ invited, act, own }: { invited: Invited; act: string; own: Application | null }): JSX.Element {
  const { standing, test } = invited;
  return (
    <>
      {standing === "over" && <Note tone="stop">{t("acts.invited_over")}</Note>}
      {standing === "joined" && <Joined act={act} />}
      {standing === "waiting" && (own ? <Applied own={own} /> : <Newcomer invited={invited} />)}
      <Facts facts={facts(invited)} />
      {test && <Note tone="care">{t("acts.invited_test")}</Note>}
    </>
  );
}

function Joined({ act }: { act: string }): JSX.Element {
  return (
    <>
      <p>{t("acts.invited_joined")}</p>
      <Button kind="primary" icon="document" wide href={signedIn.value ? `/acts/${act}` : `/login?next=/acts/${act}`}>
        {t(signedIn.value ? "acts.invited_open" : "acts.invited_enter")}
      </Button>
    </>
  );
}

function Newcomer({ invited: { receiver_tax_number: receiver } }: { invited: Invited }): JSX.Element {
  const name = me.value?.organisation.names[lang.value];
  return (
    <>
      {name && <Note tone="care">{t("acts.invited_signed_in", { name, receiver })}</Note>}
      <p>{t("acts.invited_how")}</p>
      <Button kind="primary" icon="key" wide href="/register">
        {t("acts.invited_register")}
      </Button>
    </>
  );
}

const STANDING: Record<Application["state"], Key> = {
  draft: "acts.invited_begun",
  checking: "acts.invited_at_desk",
  unconfirmed: "acts.invited_unconfirmed",
  submitted: "acts.invited_at_desk",
  approved: "acts.invited_at_desk",
  refused: "acts.invited_returned",
};

/** Whoever opens the link again in the middle of the registration is not sent to its beginning. */
function Applied({ own: { state, number } }: { own: Application }): JSX.Element {
  return (
    <>
      <Note tone={state === "refused" ? "stop" : "care"}>{t(STANDING[state], { number })}</Note>
      <Button kind="primary" icon={state === "draft" ? "key" : "document"} wide href="/register">
        {t(state === "draft" ? "acts.invited_go_on" : "acts.invited_application")}
      </Button>
    </>
  );
}

function facts(invited: Invited): [string, string][] {
  const { number, sender, receiver, units, packages, products, due_at: due, standing } = invited;
  const party = (name: string, tax: string): string => [name, tax].filter(Boolean).join(" · ");
  const pairs: [string, string][] = [
    [t("acts.invited_units"), t("acts.units", { count: units })],
    [t("acts.invited_kinds"), formatNumber(products)],
  ];
  if (packages > 0) pairs.push([t("acts.invited_boxes"), formatNumber(packages)]);
  if (due && standing === "waiting") pairs.push([t("acts.invited_until"), formatDate(lastDay(due))]);
  pairs.push(
    [t("acts.sender"), party(sender[lang.value], invited.sender_tax_number)],
    [t("acts.receiver"), party(receiver, invited.receiver_tax_number)],
    [t("acts.number_field"), number],
  );
  return pairs;
}
