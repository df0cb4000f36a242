/** Whoever came by an invitation is told that the act still waits. */

import type { JSX } from "preact";
import { lang, t } from "../../i18n";
import { keptInvitation } from "../../store/invited";
import { Note } from "../../ui/states";

export function Awaited(): JSX.Element | null {
  const kept = keptInvitation();
  return kept && <Note>{t("acts.invited_waits", { sender: kept.sender[lang.value], number: kept.number })}</Note>;
}
