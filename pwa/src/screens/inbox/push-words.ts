/** The words that the service worker shows while no page is open, in the language on screen. */

import { lang, t } from "../../i18n";
import type { PushWords } from "../../store/push";

export const KINDS = [
  "registration_submitted",
  "invitation_accepted",
  "member_blocked",
  "member_unblocked",
  "member_removed",
  "functions_changed",
  "head_changed",
  "power_given",
  "power_withdrawn",
  "power_ends",
  "new_device",
  "passkey_enrolled",
  "passkey_ended",
  "certificate_expires",
  "api_key_made",
  "api_key_orphaned",
  "api_key_expires",
  "webhook_failing",
  "act_received",
  "act_accepted",
  "act_partly_accepted",
  "act_rejected",
  "act_cancelled",
  "act_expired",
  "act_reminder",
  "act_question",
  "act_answer",
  "act_annulment_asked",
  "act_annulled",
  "act_annulment_refused",
  "act_signature_refused",
  "act_decision_dropped",
  "act_corrected",
  "act_correction_asked",
  "act_correction_agreed",
  "act_correction_refused",
  "act_correction_withdrawn",
  "act_invitation_opened",
] as const;

export function pushWords(): PushWords {
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, t(`notifications.kind.${kind}`)]));
  return { language: lang.value, name: t("app.name"), body: t("notifications.push_words"), kinds };
}
