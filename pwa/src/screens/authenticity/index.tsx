/** The public check: of one act by the link in its QR code, and of signed files that anybody holds. */

import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { Page, Section } from "../../ui/page";
import { Button } from "../../ui/button";
import { OneAct } from "./act";
import { SignedFile } from "./file";

export default function Authenticity(): JSX.Element {
  const { path } = useLocation();
  const token = path.split("/")[2];
  if (!token) {
    return (
      <Page key="file" title={t("paper.file_title")} lead={t("paper.file_lead")}>
        <SignedFile />
      </Page>
    );
  }
  return (
    <Page key={token} title={t("paper.title")} lead={t("paper.lead")}>
      <OneAct token={token} />
      <Section title={t("paper.check_file")}>
        <p>{t("paper.check_file_text")}</p>
        <Button href="/a">{t("paper.check_file")}</Button>
      </Section>
    </Page>
  );
}
