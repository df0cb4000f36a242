/** What a new participant does first; each step goes once it was done. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { acts } from "../../api/acts";
import { ApiError, call } from "../../api/client";
import type { components } from "../../api/schema";
import { type Key, t } from "../../i18n";
import { forgetInvitation, keptInvitation } from "../../store/invited";
import { can, me } from "../../store/session";
import type { IconName } from "../../ui/icons";
import { List, Row } from "../../ui/list";
import { Section } from "../../ui/page";

type Shapes = components["schemas"];

interface Step {
  href: string;
  icon: IconName;
  title: Key;
  text: Key;
}

const PLACE: Step = { href: "/organisation/places", icon: "home", title: "registration.first_place", text: "registration.first_place_text" };
const STAFF: Step = { href: "/organisation/staff", icon: "people", title: "registration.first_staff", text: "registration.first_staff_text" };

export function First(): JSX.Element | null {
  const steps = useSignal<Step[]>([]);
  const waiting = useSignal(0);
  const operator = me.value?.organisation.kind === "operator";
  useEffect(() => {
    if (operator) return;
    if (can("acts:sign")) void awaiting().then((count) => (waiting.value = count));
    void Promise.all([can("organisation:edit") && withoutPlaces(), can("staff:manage") && alone()]).then(([places, staff]) => {
      steps.value = [...(places ? [PLACE] : []), ...(staff ? [STAFF] : [])];
    });
  }, [me.value]);
  const count = waiting.value;
  if (steps.value.length + count === 0) return null;
  return (
    <Section title={t("registration.first")}>
      <List label={t("registration.first")}>
        {count > 0 && <Row href="/acts" icon="document" title={t("acts.awaits", { count })} text={t("acts.awaits_text")} fresh />}
        {steps.value.map(({ href, icon, title, text }) => (
          <Row key={href} href={href} icon={icon} title={t(title)} text={t(text)} fresh />
        ))}
      </List>
    </Section>
  );
}

/** Acts that wait for a decision; who came by an invitation finds the one that they came for. */
async function awaiting(): Promise<number> {
  try {
    const { acts: found } = await acts("in", ["sent", "viewed", "clarification"], null);
    const own = found.filter(({ ours }) => ours === "receiver");
    if (own.some(({ id }) => id === keptInvitation()?.act)) forgetInvitation();
    return own.length;
  } catch (error) {
    if (error instanceof ApiError) return 0;
    throw error;
  }
}

/** Unknown counts as done: nobody is told to do what may long be there. */
async function withoutPlaces(): Promise<boolean> {
  return counted(async () => (await call<Shapes["PlacesOut"]>("/api/v1/places")).places.length === 0);
}

async function alone(): Promise<boolean> {
  return counted(async () => {
    const { members, invitations } = await call<Shapes["StaffOut"]>("/api/v1/staff");
    return members.length + invitations.length <= 1;
  });
}

async function counted(ask: () => Promise<boolean>): Promise<boolean> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
