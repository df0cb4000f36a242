/** Stock: which goods are mine, where they lie, and what may be done with them. */

import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { loadGroups } from "../../store/groups";
import { can } from "../../store/session";
import { Page } from "../../ui/page";
import { Note } from "../../ui/states";
import { Box } from "./box";
import { Boxes } from "./boxes";
import { Code } from "./code";
import { Codes } from "./codes";
import { Pack } from "./pack";
import { Product } from "./product";
import { Products } from "./products";

export default function Stock(): JSX.Element {
  const { path } = useLocation();
  const [, , part = "", id = ""] = path.split("/");
  useEffect(() => void loadGroups(), []);
  if (!can("codes:see")) {
    return (
      <Page title={t("stock.title")} back={{ href: "/home", text: t("app.home") }}>
        <Note tone="care">{t("stock.not_allowed")}</Note>
      </Page>
    );
  }
  const name = decodeURIComponent(id);
  if (part === "products" && id) return <Product key={id} id={name} />;
  if (part === "codes") return id ? <Code key={id} code={name} /> : <Codes />;
  if (part === "boxes") return id ? <Box key={id} sscc={name} /> : <Boxes />;
  if (part === "pack") return <Pack />;
  return <Products />;
}
