/** What a screen shows once it is there, and what came between. */

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ApiError } from "../../api/client";
import { useAttempt } from "../../store/attempt";

export interface Loaded<T> {
  /** Null until it came. */
  value: Signal<T | null>;
  failure: ApiError | null;
  again: () => void;
}

/** Loads when the screen opens, and anew when `about` changes; what came last stays until the next is there. */
export function useLoaded<T>(load: () => Promise<T>, about: readonly unknown[] = []): Loaded<T> {
  const value = useSignal<T | null>(null);
  const { failure, run } = useAttempt();
  const again = (): void =>
    void run(async () => {
      value.value = await load();
    });
  useEffect(again, about);
  return { value, failure, again };
}
