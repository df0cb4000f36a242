/** Acts of acceptance-transfer: the lists, and beside them the act that is open. */

import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { Page } from "../../ui/page";
import { Note } from "../../ui/states";
import { Draft } from "./draft";
import { OpenAct } from "./open";
import { Panes } from "./panes";

export default function Acts(): JSX.Element {
  const { path } = useLocation();
  const id = path.split("/")[2] || null;
  if (!can("acts:see")) {
    return (
      <Page title={t("acts.title")} back={{ href: "/home", text: t("app.home") }}>
        <Note tone="care">{t("acts.not_allowed")}</Note>
      </Page>
    );
  }
  if (id === "new") return <Draft key="new" act={null} />;
  if (id !== null) return <OpenAct key={id} id={id} />;
  const make = can("acts:sign") && (
    <Button kind="primary" icon="scan" href="/acts/new">
      {t("acts.new")}
    </Button>
  );
  return (
    <Page wide title={t("acts.title")} back={{ href: "/home", text: t("app.home") }} actions={make || undefined}>
      <Panes current={null} />
    </Page>
  );
}
