/** A buyer who was sent a link: who hands over how much, and the way into the act. The goods themselves are not shown. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { actOf, type Invited, openInvitation } from "../../api/act-life";
import { formatDate, formatNumber, lang, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { keepInvitation } from "../../store/invited";
import { online } from "../../store/network";
import { signedIn } from "../../store/session";
import { Button } from "../../ui/button";
import { Facts, Page } from "../../ui/page";
import { Failure, Loading, Note, OfflineNote } from "../../ui/states";

export default function InvitedPage(): JSX.Element {
  const found = useSignal<Invited | null>(null);
  const { failure, run } = useAttempt();
  // Behind the #, where no server sees it.
  const token = decodeURIComponent(location.hash.slice(1));
  const load = (): Promise<boolean> =>
    run(async () => {
      const said = await openInvitation(token);
      found.value = said;
      if (said.standing === "waiting") keepInvitation({ act: actOf(token), number: said.number, sender: said.sender });
    });
  useEffect(() => void load(), [token]);
  const now = found.value;
  return (
    <Page title={t("acts.invited")} lead={now ? t("acts.invited_lead", { sender: now.sender[lang.value] }) : undefined}>
      {!online.value && <OfflineNote text={t("acts.needs_network")} />}
      {failure && <Failure code={failure.code} params={failure.params} onRetry={failure.passing ? () => void load() : undefined} />}
      {!now && !failure && <Loading rows={4} />}
      {now && <Told invited={now} act={actOf(token)} />}
    </Page>
  );
}

function Told({ invited, act }: { invited: Invited; act: string }): JSX.Element {
  const { standing, test } = invited;
  return (
    <>
      {test && <Note tone="care">{t("acts.invited_test")}</Note>}
      <Facts facts={facts(invited)} />
      {standing === "over" && <Note tone="stop">{t("acts.invited_over")}</Note>}
      {standing === "joined" && <p>{t("acts.invited_joined")}</p>}
      {standing === "waiting" && <p>{t("acts.invited_how")}</p>}
      {standing === "waiting" && (
        <Button kind="primary" icon="key" wide href="/register">
          {t("acts.invited_register")}
        </Button>
      )}
      {standing === "joined" && (
        <Button kind="primary" icon="document" wide href={signedIn.value ? `/acts/${act}` : "/login"}>
          {t(signedIn.value ? "acts.invited_open" : "app.sign_in")}
        </Button>
      )}
    </>
  );
}

/** A term ends with its last day: the midnight after it is not a day more. */
function lastDay(due: string): string {
  return new Date(Date.parse(due) - 1).toISOString();
}

function facts(invited: Invited): [string, string][] {
  const { number, sender, receiver, units, packages, products, due_at: due, standing } = invited;
  const party = (name: string, tax: string): string => [name, tax].filter(Boolean).join(" · ");
  const pairs: [string, string][] = [
    [t("acts.number_field"), number],
    [t("acts.sender"), party(sender[lang.value], invited.sender_tax_number)],
    [t("acts.receiver"), party(receiver, invited.receiver_tax_number)],
    [t("acts.invited_units"), t("acts.units", { count: units })],
    [t("acts.invited_kinds"), formatNumber(products)],
  ];
  if (packages > 0) pairs.push([t("acts.invited_boxes"), formatNumber(packages)]);
  if (due && standing === "waiting") pairs.push([t("acts.invited_until"), formatDate(lastDay(due))]);
  return pairs;
}
