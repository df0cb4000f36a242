/** Whoever was invited: by whom, to do what, until when; and one signature to agree. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { acceptOffer, type Offer, offer, offeredDocument } from "../../api/organisation";
import { formatDate, formatDateTime, lang, t } from "../../i18n";
import { requestSignatures, toSign } from "../../sign";
import { once, useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Facts, Page, Section } from "../../ui/page";
import { Failure, Loading, Note, OfflineNote } from "../../ui/states";
import { useLoaded } from "./loaded";
import { Can } from "./terms";

export function Join({ token }: { token: string }): JSX.Element {
  const { value, failure, again } = useLoaded(() => offer(token), [token]);
  const accepted = useSignal(false);
  const found = value.value;
  if (found && accepted.value) return <Accepted offer={found} />;
  return (
    <Page title={t("organisation.join")} lead={found ? t("organisation.join_lead", { organisation: found.organisation[lang.value] }) : undefined}>
      {!online.value && <OfflineNote text={t("organisation.needs_network")} />}
      {failure && <Failure code={failure.code} params={failure.params} onRetry={failure.passing ? again : undefined} />}
      {!found && !failure && <Loading rows={4} />}
      {found && !failure && <Offered token={token} offer={found} onDone={() => (accepted.value = true)} />}
    </Page>
  );
}

function Offered({ token, offer: found, onDone }: { token: string; offer: Offer; onDone: () => void }): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const organisation = found.organisation[lang.value];
  const until = found.valid_until ? formatDate(found.valid_until) : t("organisation.term_endless");
  const facts: [string, string][] = [
    [t("organisation.organisation"), organisation],
    [t("organisation.bin"), found.bin],
  ];
  if (found.title) facts.push([t("organisation.position"), found.title]);
  if (found.places.length > 0) facts.push([t("organisation.at_places"), found.places.map((one) => one[lang.value]).join(", ")]);
  facts.push([t("organisation.term_until"), until]);

  const sign = async (): Promise<void> => {
    const [document] = toSign((await offeredDocument(token)).documents);
    if (!document) return;
    const said = [
      { label: "organisation", value: organisation },
      { label: "functions", value: found.functions.map((one) => t(`organisation.fn_${one}`)).join(", ") },
      { label: "valid_until", value: until },
    ];
    const signatures = await requestSignatures({
      purpose: "document",
      title: t("organisation.join_sign"),
      documents: [{ ...document, facts: said }],
      party: { name: organisation },
    });
    if (!signatures) return;
    await once("join", signatures, (key) => acceptOffer(token, signatures, key));
    onDone();
  };
  return (
    <>
      {found.test && (
        <Note tone="care" title={t("organisation.test")}>
          {t("organisation.test_text")}
        </Note>
      )}
      <Section title={t("organisation.join_can")}>
        <Can functions={found.functions} />
      </Section>
      <Facts facts={facts} />
      <p>{t("organisation.join_how")}</p>
      <p>{t("organisation.join_expires", { when: formatDateTime(found.expires_at) })}</p>
      {failure && <Failure code={failure.code} params={failure.params} />}
      <Button kind="primary" icon="key" wide busy={busy} onClick={() => void run(sign)}>
        {t("organisation.join_accept")}
      </Button>
    </>
  );
}

function Accepted({ offer: { organisation } }: { offer: Offer }): JSX.Element {
  return (
    <Page title={t("organisation.joined")} lead={t("organisation.joined_text", { organisation: organisation[lang.value] })}>
      <Button kind="primary" icon="key" wide href="/login">
        {t("app.sign_in")}
      </Button>
    </Page>
  );
}
