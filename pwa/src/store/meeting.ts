/** The buyer's code on this device, whom the seller met, and the acts that come while a screen waits for them. */

import { signal } from "@preact/signals";
import type { ActRow } from "../api/acts";
import { ApiError } from "../api/client";
import * as api from "../api/meetings";
import type { MyCode } from "../api/meetings";
import { type Showed } from "../domain/meeting";
import { keep, kept } from "./db";
import { me } from "./session";

/** The last code that the server made, and for whom; `place` is where the goods shall lie. */
export interface KeptCode {
  owner: string;
  place: string | null;
  code: MyCode;
}

/** Whom an act is to be addressed to. `place` is the buyer's, `name` empty where only the number is known. */
export interface Buyer {
  tax: string;
  name: string;
  place: { id: string; name: string } | null;
}

/** Milliseconds between looks at what came, and after a look that failed. */
export const EVERY = 2_000;
const AFTER_FAILURE = 5_000;

const owner = (): string => me.value?.organisation.id ?? "";

/** What was shown last, for the first moment and for places without network. */
export async function recallCode(): Promise<KeptCode | undefined> {
  const found = await kept("meeting");
  return found?.owner === owner() ? found : undefined;
}

/** @throws ApiError */
export async function freshCode(place: string | null): Promise<KeptCode> {
  const made = { owner: owner(), place, code: await api.myCode(place) };
  await keep("meeting", made);
  return made;
}

/**
 * Who stands behind a code, in a language; without network the number alone.
 * @throws ApiError where the code is over or made up.
 */
export async function meet(showed: Showed, language: "kk" | "ru" | "en"): Promise<Buyer> {
  if (showed.kind === "tax") return { tax: showed.tax, name: await nameOf(showed.tax, language), place: null };
  try {
    const { tax_number: tax, names, place } = await api.readCode(showed.token);
    return { tax, name: names[language], place: place && { id: place.id, name: place.names[language] } };
  } catch (error) {
    if (!(error instanceof ApiError) || !error.passing) throw error;
    return { tax: showed.tax, name: "", place: null };
  }
}

/** The name in the register; empty where nobody is registered under it, or nobody can be asked. */
export async function nameOf(tax: string, language: "kk" | "ru" | "en"): Promise<string> {
  try {
    return (await api.counterparty(tax)).names?.[language] ?? "";
  } catch (error) {
    if (error instanceof ApiError) return "";
    throw error;
  }
}

/** Acts that came since the watch began, newest first. */
export const came = signal<readonly ActRow[]>([]);

/**
 * Asks what came, every two seconds while the app is in sight, and at once when it comes back. `told` hears of each act
 * once. What lies before the first answer is in the list and is not told.
 * @returns stop.
 */
export function watchNews(told: (act: ActRow) => void): () => void {
  const known = new Set<string>();
  let since: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  let asking = false;
  came.value = [];

  const look = async (): Promise<void> => {
    clearTimeout(timer);
    if (over || asking || document.visibilityState !== "visible") return;
    asking = true;
    let pause = EVERY;
    try {
      const { acts, now } = await api.news(since);
      since ??= now;
      if (!over) take(acts);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      pause = (error.retryAfter ?? 0) * 1000 || AFTER_FAILURE;
    } finally {
      asking = false;
      if (!over) timer = setTimeout(() => void look(), pause);
    }
  };
  const take = (acts: readonly ActRow[]): void => {
    const fresh = acts.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) return;
    for (const act of fresh) known.add(act.id);
    came.value = [...fresh, ...came.value];
    for (const act of fresh) told(act);
  };
  const seen = (): void => void look();
  document.addEventListener("visibilitychange", seen);
  void look();
  return () => {
    over = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  };
}
