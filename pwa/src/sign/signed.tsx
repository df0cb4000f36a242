/** Where eGov Mobile's button back leads: a page that says where to go on. */

import type { JSX } from "preact";
import { t } from "../i18n";
import { Page } from "../ui/page";

export default function Signed(): JSX.Element {
  return (
    <Page title={t("sign.signed")}>
      <p>{t("sign.signed_text")}</p>
    </Page>
  );
}
