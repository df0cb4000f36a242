import type { JSX } from "preact";
import { t } from "../../i18n";
import { Loading } from "../../ui/states";
import { Page } from "../../ui/page";

export default function Desk(): JSX.Element {
  return (
    <Page title={t("registration.title")}>
      <Loading />
    </Page>
  );
}
