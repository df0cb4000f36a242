/** The invitation by which somebody came: kept on the device, so that the registration leads back to the act. */

export interface KeptInvitation {
  /** Of the link: what became of the act is asked with it. */
  token: string;
  /** The act that waits. */
  act: string;
  number: string;
  /** BIN or IIN of whom the act was sent to. */
  receiver: string;
  /** Who sent it, by language. */
  sender: { kk: string; ru: string; en: string };
}

const NAME = "tanba.invited";

export function keepInvitation(one: KeptInvitation): void {
  try {
    localStorage.setItem(NAME, JSON.stringify(one));
  } catch {
    // Storage is blocked: the act is found among the incoming ones.
  }
}

export function keptInvitation(): KeptInvitation | null {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "null") as KeptInvitation | null;
  } catch {
    return null;
  }
}

export function forgetInvitation(): void {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // As above.
  }
}
