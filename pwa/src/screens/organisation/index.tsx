/** «Мекемелік-штаттық құрылым»: the organisation, its places, its people, who may sign for it, and what was done. */

import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { Empty } from "../../ui/states";
import { Page } from "../../ui/page";
import { Button } from "../../ui/button";
import { Audit } from "./audit";
import { Hub } from "./hub";
import { Join } from "./join";
import { PlacesPage } from "./places";
import { PowersPage } from "./powers";
import { ProfilePage } from "./profile";
import { StaffPage } from "./staff";

export default function Organisation(): JSX.Element {
  const { path } = useLocation();
  const [, first, part = "", id = null] = path.split("/");
  if (first === "join") return <Join token={part} />;
  switch (part) {
    case "":
      return <Hub />;
    case "profile":
      return <ProfilePage />;
    case "places":
      return <PlacesPage id={id} />;
    case "staff":
      return <StaffPage id={id} />;
    case "powers":
      return <PowersPage id={id} />;
    case "audit":
      return <Audit />;
    default:
      return (
        <Page title={t("organisation.title")}>
          <Empty text={t("app.not_found")}>
            <Button href="/organisation">{t("organisation.title")}</Button>
          </Empty>
        </Page>
      );
  }
}
