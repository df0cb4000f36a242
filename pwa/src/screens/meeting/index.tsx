/** The handshake of two phones: "my QR" for the buyer, and whom the seller met. */

import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { can } from "../../store/session";
import { Page } from "../../ui/page";
import { Note } from "../../ui/states";
import { Mine } from "./mine";
import { Visitor } from "./visitor";

export default function Meeting(): JSX.Element {
  const { path } = useLocation();
  const last = path.split("/")[2] || null;
  const back = { href: "/home", text: t("app.home") };
  if (!can("acts:sign")) {
    return (
      <Page title={t("meeting.title")} back={back}>
        <Note tone="care">{t("meeting.not_allowed")}</Note>
      </Page>
    );
  }
  return last === null ? <Mine back={back} /> : <Visitor key={last} last={last} back={back} />;
}
