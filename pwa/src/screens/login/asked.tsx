/** Why somebody who opened another page stands at the log-in, and what comes of it. */

import type { JSX } from "preact";
import { t } from "../../i18n";
import { online } from "../../store/network";
import { Note } from "../../ui/states";
import { whereTo } from "./next";

interface AskedProps {
  wanted: string | undefined;
  origin: string;
}

export function Asked({ wanted, origin }: AskedProps): JSX.Element | null {
  if (!wanted || whereTo(wanted, origin) === whereTo(undefined, origin)) return null;
  return (
    <Note title={t("registration.login_asked")}>
      <p>{t(online.value ? "registration.login_asked_text" : "registration.login_asked_offline")}</p>
    </Note>
  );
}
