/** The choice of a key: first those that this device keeps, then where else one may lie, said as people say it. */

import type { JSX } from "preact";
import { formatDate, type Key, t } from "../i18n";
import { online } from "../store/network";
import type { IconName } from "../ui/icons";
import { List, Row } from "../ui/list";
import type { RememberedKey } from "./p12/remembered";
import type { Way } from "./place";
import css from "./sign.module.css";

const SHOWN: Record<Way, { icon: IconName; title: Key; text: Key; needsNetwork: boolean }> = {
  p12: { icon: "document", title: "sign.way.p12", text: "sign.way.p12_text", needsNetwork: false },
  ncalayer: { icon: "computer", title: "sign.way.ncalayer", text: "sign.way.ncalayer_text", needsNetwork: false },
  egov_mobile: { icon: "phone", title: "sign.way.egov_mobile", text: "sign.way.egov_text", needsNetwork: true },
  egov_business: { icon: "phone", title: "sign.way.egov_business", text: "sign.way.egov_business_text", needsNetwork: true },
};

interface WaysProps {
  keys: readonly RememberedKey[];
  ways: readonly Way[];
  onChoose: (way: Way, kept?: RememberedKey) => void;
}

export function Ways({ keys, ways, onChoose }: WaysProps): JSX.Element {
  return (
    <section class={css.what}>
      <h3>{t("sign.how")}</h3>
      <List>
        {keys.map((key) => (
          <Row
            key={key.id}
            icon="key"
            title={key.name}
            text={t("sign.way.kept_text", { whose: key.organisation ?? t("sign.personal"), date: formatDate(key.notAfter) })}
            onClick={() => onChoose("p12", key)}
          />
        ))}
        {ways.map((way) => {
          const { icon, title, text, needsNetwork } = SHOWN[way];
          const hint = needsNetwork && !online.value ? t("sign.needs_network") : t(text);
          return <Row key={way} icon={icon} title={t(title)} text={hint} onClick={() => onChoose(way)} />;
        })}
      </List>
    </section>
  );
}
