/** The screens of participants. Consumers load nothing of them: neither code nor words nor pictures. */

import type { ComponentType } from "preact";
import { loadParticipantWords } from "./i18n";
import { guarded } from "./signed-in";
import { startOutbox } from "./store/outbox";
import { addIcons } from "./ui/icons";
import { CABINET_ICONS } from "./ui/cabinet-icons";

export { SignHost } from "./sign";

addIcons(CABINET_ICONS);
startOutbox();

type Module = { default: ComponentType };

export const login = (): Promise<Module> => worded(import("./screens/login"));
export const register = (): Promise<Module> => worded(import("./screens/register"));
/** Whoever was invited has no session yet. */
export const join = (): Promise<Module> => worded(import("./screens/organisation"));
/** A buyer who is not registered yet. */
export const invited = (): Promise<Module> => worded(import("./screens/invited"));
export const mailbox = (): Promise<Module> => worded(import("./screens/mailbox"));
/** Where eGov Mobile's button back leads, perhaps in another browser. */
export const signed = (): Promise<Module> => worded(import("./sign/signed"));
/** The letter may be opened on a device that nobody is signed in on. */
export const confirmEmail = (): Promise<Module> => worded(import("./screens/account/email"));
export const home = (): Promise<Module> => forSignedIn(import("./screens/home"));
/** Not a screen: what the verdict of own things offers besides. */
export const beginAct = async (): Promise<{ default: ComponentType<{ codes: readonly string[] }> }> => {
  const [begin] = await Promise.all([import("./screens/acts/begin"), loadParticipantWords()]);
  return begin;
};
export const acts = (): Promise<Module> => forSignedIn(import("./screens/acts"));
export const meeting = (): Promise<Module> => forSignedIn(import("./screens/meeting"));
export const stock = (): Promise<Module> => forSignedIn(import("./screens/stock"));
export const outbox = (): Promise<Module> => forSignedIn(import("./screens/outbox"));
export const desk = (): Promise<Module> => forSignedIn(import("./screens/desk"));
export const organisation = (): Promise<Module> => forSignedIn(import("./screens/organisation"));
export const account = (): Promise<Module> => forSignedIn(import("./screens/account"));
export const integrations = (): Promise<Module> => forSignedIn(import("./screens/integrations"));
export const webhooks = (): Promise<Module> => forSignedIn(import("./screens/integrations/webhooks"));
export const inbox = (): Promise<Module> => forSignedIn(import("./screens/inbox"));

async function worded(screen: Promise<Module>): Promise<Module> {
  await loadParticipantWords();
  return screen;
}

/** Others go to log in first. */
async function forSignedIn(screen: Promise<Module>): Promise<Module> {
  const { default: inside } = await worded(screen);
  return { default: guarded(inside) };
}
