/** Coming in with a signature: it opens a session, or begins a registration where there is none to open. */

import { ApiError } from "../api/client";
import { choices, logIn, type Mandate, type Proof } from "../api/identity";
import { beginRegistration } from "../api/registration";
import { loadMe } from "./session";

export type Entry = { kind: "signed_in" } | { kind: "registration" } | { kind: "choose"; proof: Proof; among: Mandate[] };

/** The signature is good, but there is no membership to open a session for. */
const NEWCOMER = new Set(["identity.not_registered", "organisations.not_member", "organisations.unknown"]);

const APPLIED = "tanba.applied";

/** Whether an application was begun on this device, as far as it remembers; only then is it worth asking for it. */
export function applied(): boolean {
  try {
    return localStorage.getItem(APPLIED) !== null;
  } catch {
    return true;
  }
}

export function noteApplied(begun: boolean): void {
  try {
    if (begun) localStorage.setItem(APPLIED, "1");
    else localStorage.removeItem(APPLIED);
  } catch {
    // Storage is blocked: the server is asked each time.
  }
}

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
    noteApplied(true);
    return { kind: "registration" };
  }
  await loadMe();
  return { kind: "signed_in" };
}
