/** A buyer's code that any camera opened: who it is, and one tap to an act for them. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { named } from "../../domain/meeting";
import { lang, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { type Buyer, meet } from "../../store/meeting";
import { me } from "../../store/session";
import { Button } from "../../ui/button";
import { Facts, Page } from "../../ui/page";
import { Failure, Loading, Note } from "../../ui/states";

export function Visitor({ last, back }: { last: string; back: { href: string; text: string } }): JSX.Element {
  const showed = named(last);
  const buyer = useSignal<Buyer | null>(null);
  const { failure, run } = useAttempt();
  const ask = (): void =>
    void run(async () => {
      if (showed) buyer.value = await meet(showed, lang.value);
    });
  useEffect(ask, [last]);
  const met = buyer.value;
  const own = met?.tax === me.value?.organisation.bin;
  return (
    <Page title={met?.name || t("meeting.buyer")} back={back}>
      {!showed && <Failure code="acts.meeting_invalid" />}
      {failure && <Failure code={failure.code} params={failure.params} onRetry={ask} />}
      {showed && !met && !failure && <Loading rows={2} />}
      {met && (
        <>
          <Facts
            facts={[
              [t("meeting.number"), met.tax],
              ...(met.place ? [[t("meeting.place"), met.place.name] as const] : []),
            ]}
          />
          {own ? (
            <Note>{t("meeting.own")}</Note>
          ) : (
            <Button kind="primary" icon="scan" href={`/acts/new?buyer=${encodeURIComponent(last)}`}>
              {t("meeting.begin")}
            </Button>
          )}
        </>
      )}
    </Page>
  );
}
