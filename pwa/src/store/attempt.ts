/** Something that a person tries: under way, failed with a code, or done; and the key under which it may be repeated. */

import { useSignal } from "@preact/signals";
import { ApiError, newKey } from "../api/client";

export interface Attempt {
  busy: boolean;
  failure: ApiError | null;
  /** @returns whether it went through; what went wrong is then in `failure`. */
  run: (work: () => Promise<void>) => Promise<boolean>;
}

export function useAttempt(): Attempt {
  const busy = useSignal(false);
  const failure = useSignal<ApiError | null>(null);
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    busy.value = true;
    failure.value = null;
    try {
      await work();
      return true;
    } catch (error) {
      failure.value = error instanceof ApiError ? error : new ApiError("request.unexpected", 0);
      return false;
    } finally {
      busy.value = false;
    }
  };
  return { busy: busy.value, failure: failure.value, run };
}

/** Answers come in any order: one that was asked for before the last asking anew says how things were before. */
export function asked(): Record<"anew" | "further", () => () => boolean> {
  let last = 0;
  const stands = (turn: number) => () => turn === last;
  return { anew: () => stands(++last), further: () => stands(last) };
}

const keys = new Map<string, string>();

/** One key for one operation with these contents, however often it is tried; other contents make another operation. */
export async function once<T>(operation: string, contents: unknown, work: (key: string) => Promise<T>): Promise<T> {
  const name = `${operation} ${JSON.stringify(contents ?? null)}`;
  const key = keys.get(name) ?? newKey();
  keys.set(name, key);
  try {
    const answer = await work(key);
    keys.delete(name);
    return answer;
  } catch (error) {
    // Refused for good: the next try is another operation.
    if (error instanceof ApiError && !error.passing) keys.delete(name);
    throw error;
  }
}
