/** Log-in by signature: asking for the bytes to sign, and handing the signature in. */

import { type ApiError, call } from "./client";
import type { components } from "./schema";

export type Challenge = components["schemas"]["ChallengeOut"];

/** A signature under a challenge: base64 of the detached CMS. */
export interface Proof {
  challenge_id: string;
  cms: string;
}

/** An organisation that the person may act for. */
export interface Mandate {
  id: string;
  names: { kk: string; ru: string; en: string };
}

/** @throws ApiError */
export function askChallenge(): Promise<Challenge> {
  return call<Challenge>("/api/v1/auth/challenge", { method: "POST" });
}

/** @throws ApiError; `organisations.choose` when `organisation` must say for whom, see {@link choices}. */
export async function logIn(proof: Proof, organisation?: string): Promise<void> {
  const chosen = organisation === undefined ? {} : { organisation_id: organisation };
  await call("/api/v1/auth/login", { method: "POST", body: { ...proof, ...chosen } });
}

/** The organisations among which an `organisations.choose` asks to choose. */
export function choices(error: ApiError): Mandate[] {
  const { choices: given } = error.params as { choices?: Mandate[] };
  return given ?? [];
}
