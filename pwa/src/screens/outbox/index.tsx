/** What was done on this device and the server does not have: what, when, why, and what can be done about it. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { online } from "../../store/network";
import { drain, guard, look, outbox, own, promised, sending } from "../../store/outbox";
import { loss } from "../../store/outbox-loss";
import { Button } from "../../ui/button";
import { Page, Section } from "../../ui/page";
import { Empty, Note, OfflineNote } from "../../ui/states";
import { Lost, NotPromised } from "./device";
import { One } from "./one";
import css from "./outbox.module.css";

export default function Outbox(): JSX.Element {
  useEffect(() => void look(), []);
  const mine = own.value;
  const refused = mine.filter((one) => one.refused);
  const waiting = mine.filter((one) => !one.refused);
  const some = mine.length > 0;
  useEffect(() => {
    if (some) void guard();
  }, [some]);
  const others = outbox.value.length - mine.length;
  const send = waiting.length > 0 && online.value && sending.value === null && (
    <Button kind="primary" icon="renew" onClick={() => void drain()}>
      {t("outbox.send_now")}
    </Button>
  );
  return (
    <Page title={t("outbox.title")} lead={t("outbox.lead")} back={{ href: "/home", text: t("app.home") }} actions={send || undefined}>
      {!online.value && <OfflineNote text={t("outbox.offline")} />}
      <Lost />
      {!some && !loss.value && <Empty text={t("outbox.empty")} />}
      {refused.length > 0 && (
        <Section title={t("outbox.refused", { count: refused.length })}>
          <div class={css.list}>
            {refused.map((one) => (
              <One key={one.seq} operation={one} />
            ))}
          </div>
        </Section>
      )}
      {waiting.length > 0 && (
        <Section title={t("outbox.waiting", { count: waiting.length })}>
          <div class={css.list}>
            {waiting.map((one) => (
              <One key={one.seq} operation={one} />
            ))}
          </div>
        </Section>
      )}
      {some && promised.value === false && <NotPromised />}
      {others > 0 && <Note>{t("outbox.others", { count: others })}</Note>}
    </Page>
  );
}
