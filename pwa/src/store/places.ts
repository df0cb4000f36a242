/** One's own places in forms: those that are open, and those among them that one's own work reaches. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Place, places } from "../api/organisation";

/** Nothing to choose where there is none, or no network. */
export function usePlaces(): readonly Place[] {
  const own = useSignal<readonly Place[]>([]);
  useEffect(() => {
    places().then((all) => (own.value = all.filter((one) => !one.blocked)), () => undefined);
  }, []);
  return own.value;
}

/** The server refuses what is done for any other. */
export const reached = (all: readonly Place[]): readonly Place[] => all.filter((one) => one.reached);

/** Is one's own work tied to some of these? */
export const tied = (all: readonly Place[]): boolean => all.some((one) => !one.reached);

export const options = (all: readonly Place[], lang: keyof Place["names"]): { value: string; text: string }[] => all.map(({ id, names }) => ({ value: id, text: names[lang] }));
