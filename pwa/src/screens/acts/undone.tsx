/** What was signed and did not happen, because the key was revoked or the goods may not move any more. */

import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import { formatDateTime, t } from "../../i18n";
import { receives } from "../../store/acts";
import { Note } from "../../ui/states";

export function Undone({ act }: { act: Act }): JSX.Element | null {
  // An act that was kept on the device by an earlier version says nothing of it.
  const undone = act.undone ?? null;
  if (!undone) return null;
  const time = formatDateTime(undone.at);
  if (undone.what === "sending") {
    return (
      <Note tone="stop" title={t("acts.undone_sending")}>
        <p>{t("acts.undone_sending_text", { time })}</p>
      </Note>
    );
  }
  return (
    <Note tone="stop" title={t("acts.undone_decision")}>
      <p>{t(`acts.undone_${undone.why}${receives(act) ? "" : "_sender"}`, { time })}</p>
    </Note>
  );
}
