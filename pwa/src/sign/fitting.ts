/** Whether a key may sign what is asked, found out before anything is signed; the server judges all of it again. */

import type { SignRequest } from "./asked";
import type { RememberedKey } from "./p12/remembered";
import type { OpenedKey } from "./p12/signer";
import { SigningFailed } from "./signer";

const DAY = 86_400_000;
const SOON = 30;

/**
 * @returns the key of the file, or another one in the same file, that fits purpose and party.
 * @throws SigningFailed that says why none does.
 */
export function fitting(opened: OpenedKey, { purpose, party }: SignRequest): OpenedKey {
  const able = [opened, ...opened.others].filter((key) => purpose === "login" || key.canSign);
  if (able.length === 0) throw new SigningFailed("sign.login_key");
  const number = party?.bin;
  const found = able.find((key) => !number || actsFor(key, number));
  if (found) return found;
  throw new SigningFailed("sign.other_party", { bin: able[0]?.subject.bin ?? "–", wanted: number ?? "" });
}

/** The kept key that must be meant, if there is just one; an individual's does not tell its IIN before its PIN. */
export function onlyFitting(kept: readonly RememberedKey[], { party }: SignRequest): RememberedKey | undefined {
  const found = kept.filter(({ bin }) => !party?.bin || bin === null || bin === party.bin);
  return found.length === 1 ? found[0] : undefined;
}

/** A legal entity by its BIN; a sole trader signs with an individual's key and is known by IIN. */
function actsFor({ subject }: OpenedKey, number: string): boolean {
  return subject.bin ? subject.bin === number : subject.iin === number;
}

/** Whole days until the key ends when those are few, else null. */
export function endsSoon(notAfter: Date, now = Date.now()): number | null {
  const days = Math.floor((notAfter.getTime() - now) / DAY);
  return days < SOON ? Math.max(0, days) : null;
}
