/** Passkeys: signing in, making one, and confirming an action with one. The browser does the rest; no library. */

import { ApiError, call, newKey } from "../api/client";
import type { components } from "../api/schema";
import { loadMe } from "./session";

type Schemas = components["schemas"];
type Action = Schemas["ConfirmationIn"]["action"];
type Json = Record<string, unknown>;

/** A passkey belongs to a host name over a safe connection; an address in digits has none. */
export const passkeysPossible: boolean =
  typeof PublicKeyCredential === "function" && isSecureContext && !/^[\d.]+$|:/.test(location.hostname);

const KNOWN = "tanba.passkey";

/** Whether a passkey was made or used on this device, so that log-in may offer it first. */
export function passkeyKnown(): boolean {
  try {
    return passkeysPossible && localStorage.getItem(KNOWN) !== null;
  } catch {
    return false;
  }
}

function notePasskey(): void {
  try {
    localStorage.setItem(KNOWN, "1");
  } catch {
    // Storage is blocked: log-in offers the signature alone.
  }
}

/**
 * Signs in with a passkey of this device or of a phone nearby.
 * @returns false when the person thought better of it
 * @throws ApiError
 */
export async function passkeyLogin(): Promise<boolean> {
  const asked = await call<Schemas["PasskeyChallengeOut"]>("/api/v1/auth/passkey/challenge", { method: "POST" });
  const credential = await get(asked.options);
  if (!credential) return false;
  const body = { challenge_id: asked.challenge_id, credential };
  await call("/api/v1/auth/passkey/login", { method: "POST", body });
  notePasskey();
  await loadMe();
  return true;
}

/**
 * Makes a passkey for whoever is signed in. Only minutes after signing in with a key.
 * @returns false when the person thought better of it
 * @throws ApiError
 */
export async function enrolPasskey(name: string): Promise<boolean> {
  const asked = await call<Schemas["PasskeyChallengeOut"]>("/api/v1/auth/passkeys/options", { method: "POST", key: newKey() });
  const made = await ceremony(() => navigator.credentials.create({ publicKey: creation(asked.options) }));
  if (!made) return false;
  const { clientDataJSON, attestationObject } = made.response as AuthenticatorAttestationResponse;
  const response = { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) };
  const body = { challenge_id: asked.challenge_id, credential: answer(made, response), name };
  await call("/api/v1/auth/passkeys", { method: "POST", body, key: newKey() });
  notePasskey();
  return true;
}

/**
 * Does what may need to be confirmed: tries, and where the session is too old asks for a passkey and tries again.
 * @param run gets the confirmation, once there is one
 * @throws ApiError `identity.step_up` when there is no passkey or none was given: then only signing in again helps
 */
export async function confirmed<Done>(action: Action, subject: string, run: (confirmation?: string) => Promise<Done>): Promise<Done> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "identity.step_up" || !passkeysPossible) throw error;
    const confirmation = await confirm(action, subject);
    if (!confirmation) throw error;
    return run(confirmation);
  }
}

async function confirm(action: Action, subject: string): Promise<string | null> {
  try {
    const body = { action, subject_id: subject };
    const asked = await call<Schemas["ConfirmationOut"]>("/api/v1/auth/confirmations", { method: "POST", body, key: newKey() });
    const credential = await get(asked.options);
    if (!credential) return null;
    await call(`/api/v1/auth/confirmations/${asked.id}`, { method: "POST", body: { credential } });
    return asked.id;
  } catch (error) {
    if (error instanceof ApiError && error.code === "identity.passkey_unknown") return null;
    throw error;
  }
}

async function get(options: Json): Promise<Json | null> {
  const given = await ceremony(() => navigator.credentials.get({ publicKey: request(options) }));
  if (!given) return null;
  const { clientDataJSON, authenticatorData, signature, userHandle } = given.response as AuthenticatorAssertionResponse;
  return answer(given, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

/** Closing the browser's window, waiting too long and having no passkey look the same on purpose: nothing was given. */
async function ceremony(begin: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    return (await begin()) as PublicKeyCredential | null;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    if (error.name === "InvalidStateError") throw new ApiError("identity.passkey_known", 0);
    if (error.name === "NotAllowedError" || error.name === "AbortError") return null;
    throw new ApiError("identity.passkey_refused", 0);
  }
}

function creation(options: Json): PublicKeyCredentialCreationOptions {
  const { user, excludeCredentials = [] } = options as { user: Json; excludeCredentials?: Json[] };
  return {
    ...options,
    challenge: bytes(options["challenge"]),
    user: { ...user, id: bytes(user["id"]) },
    excludeCredentials: excludeCredentials.map(named),
  } as unknown as PublicKeyCredentialCreationOptions;
}

function request(options: Json): PublicKeyCredentialRequestOptions {
  const { allowCredentials = [] } = options as { allowCredentials?: Json[] };
  return {
    ...options,
    challenge: bytes(options["challenge"]),
    allowCredentials: allowCredentials.map(named),
  } as unknown as PublicKeyCredentialRequestOptions;
}

function named(credential: Json): Json {
  return { ...credential, id: bytes(credential["id"]) };
}

function answer(credential: PublicKeyCredential, response: Json): Json {
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
}

/** Base64url without padding, as WebAuthn writes bytes in JSON. */
export function text(content: ArrayBuffer): string {
  const binary = [...new Uint8Array(content)].map((byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function bytes(given: unknown): Uint8Array<ArrayBuffer> {
  const binary = atob(String(given).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
