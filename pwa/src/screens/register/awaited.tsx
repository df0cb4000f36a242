/** Whoever came by an invitation is told what became of its act, and that it is another's where the key is. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type Invited, openInvitation } from "../../api/act-life";
import type { Application } from "../../api/registration";
import { lastDay } from "../../domain/term";
import { formatDate, lang, t } from "../../i18n";
import { type KeptInvitation, keptInvitation } from "../../store/invited";
import { online } from "../../store/network";
import { Note } from "../../ui/states";

export interface Invitation extends KeptInvitation {
  /** What the server last said of the act; null until it said something in this visit. */
  now: Invited | null;
  /** Whether this application is made by whom the act was sent to; true while nobody has signed. */
  fits: boolean;
}

/** Asked again whenever the application comes into another state. */
export function useInvitation(own: Application | null): Invitation | null {
  const now = useSignal<Invited | null>(null);
  const kept = keptInvitation();
  const token = kept?.token;
  useEffect(() => {
    // What is not heard changes nothing: the act is found among the incoming ones too.
    if (token && online.value) openInvitation(token).then((said) => (now.value = said), () => undefined);
  }, [token, own?.state, online.value]);
  return kept && { ...kept, now: now.value, fits: !own || isOf(own, kept.receiver) };
}

/** An individual's number is shown by its end alone. */
function isOf({ certificate: { bin, iin } }: Application, receiver: string): boolean {
  return bin ? bin === receiver : receiver.endsWith(iin.slice(-4));
}

export function Awaited({ own = null }: { own?: Application | null }): JSX.Element | null {
  const invitation = useInvitation(own);
  if (!invitation) return null;
  const { number, receiver, now, fits } = invitation;
  const named = { number, sender: invitation.sender[lang.value] };
  if (!fits) return <Note tone="care">{t("acts.invited_other_key", { number, receiver, own: own?.certificate.bin ?? own?.certificate.name ?? "" })}</Note>;
  if (now?.standing === "over") return <Note tone="stop">{t("acts.invited_gone", named)}</Note>;
  if (now?.standing === "joined") return <Note tone="ok">{t("acts.invited_arrived", named)}</Note>;
  const due = now?.due_at;
  return (
    <Note>
      <p>{t("acts.invited_waits", named)}</p>
      {due && <p>{t("acts.invited_decide_by", { date: formatDate(lastDay(due)) })}</p>}
    </Note>
  );
}
