/** One's own application as the server last answered it, and the verbs that change it. */

import { signal } from "@preact/signals";
import { ApiError } from "../../api/client";
import { type Application, fill, ownApplication } from "../../api/registration";
import { applied, noteApplied } from "../../store/entry";
import { once } from "../../store/attempt";
import { forget, sent, takeUp, toForm, typed, wrong } from "./typed";

/** `undefined` until asked, `null` when this browser has begun none. */
export const application = signal<Application | null | undefined>(undefined);

/** @throws ApiError */
export async function load(): Promise<void> {
  show(applied() ? await ownApplication() : null);
}

export function show(found: Application | null): void {
  application.value = found;
  if (!found) noteApplied(false);
  if (!found || found.state === "approved") forget();
  else takeUp(found);
}

/** Sends what was typed, unless the server has it. @throws ApiError; the fields at fault are then in {@link wrong}. */
export async function send(language: "kk" | "ru" | "en"): Promise<void> {
  const [to, given] = [application.value, typed.value];
  if (!to || !given || (given.sent && to.state === "draft")) return;
  const form = toForm(to, given, language);
  try {
    await once("fill", form, (key) => fill(form, key));
  } catch (error) {
    if (error instanceof ApiError) wrong.value = new Set(error.fields.map(({ field }) => field.replace(/^groups\..*/, "groups")));
    throw error;
  }
  wrong.value = new Set();
  sent();
  await load();
}
