/** Coming in with a signature: it opens a session, or begins a registration where there is none to open. */

import { ApiError } from "../api/client";
import { choices, logIn, type Mandate, type Proof } from "../api/identity";
import { beginRegistration } from "../api/registration";
import { loadMe } from "./session";

export type Entry = { kind: "signed_in" } | { kind: "registration" } | { kind: "choose"; proof: Proof; among: Mandate[] };

/** The signature is good, but there is no membership to open a session for. */
const NEWCOMER = new Set(["identity.not_registered", "organisations.not_member", "organisations.unknown"]);

/**
 * @param organisation for whom, when the certificate is an individual's who acts for several.
 * @throws ApiError
 */
export async function enter(proof: Proof, organisation?: string): Promise<Entry> {
  try {
    await logIn(proof, organisation);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "organisations.choose") return { kind: "choose", proof, among: choices(error) };
    if (!NEWCOMER.has(error.code)) throw error;
    await beginRegistration(proof);
    return { kind: "registration" };
  }
  await loadMe();
  return { kind: "signed_in" };
}
