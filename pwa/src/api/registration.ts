/** An application to take part in the turnover of marked goods: begun with a signature, filled in, signed, confirmed. */

import { ApiError, call, newKey } from "./client";
import type { Proof } from "./identity";
import type { components } from "./schema";

type Shapes = components["schemas"];

export type Application = Shapes["ApplicationOut"];
export type Certificate = Shapes["CertificateOut"];
export type Reason = Shapes["ReasonOut"];
export type Form = Shapes["FillIn"];
export type ToSign = Shapes["ToSignList"]["documents"];
export type Text = Shapes["TextOut"];
export type Standing = Shapes["StateOut"];

/** Begins an application, or finds the one that this person began before. @throws ApiError */
export function beginRegistration(proof: Proof): Promise<Application> {
  return call<Application>("/api/v1/registration/begin", { method: "POST", body: proof, key: newKey() });
}

/** @returns null when this browser has begun none. @throws ApiError */
export async function ownApplication(): Promise<Application | null> {
  try {
    return await call<Application>("/api/v1/registration/application");
  } catch (error) {
    if (error instanceof ApiError && error.code === "registration.unknown") return null;
    throw error;
  }
}

/** @throws ApiError; `registration.form_invalid` names the fields. */
export async function fill(form: Form, key: string): Promise<void> {
  await call("/api/v1/registration/application", { method: "PUT", body: form, key });
}

/** Takes the application back; the server forgets it. @throws ApiError */
export async function withdraw(key: string): Promise<void> {
  await call("/api/v1/registration/application", { method: "DELETE", key });
}

/** @throws ApiError */
export async function documentsToSign(): Promise<ToSign> {
  return (await call<Shapes["ToSignList"]>("/api/v1/registration/documents")).documents;
}

/** @throws ApiError */
export async function handInSignatures(signatures: { id: string; cms: string }[], key: string): Promise<Application> {
  await call("/api/v1/registration/sign", { method: "POST", body: { signatures }, key, timeout: 30_000 });
  return call<Application>("/api/v1/registration/application");
}

/** The agreement or the contract, as Markdown in three languages. @throws ApiError */
export function readText(name: "agreement" | "contract", version: string): Promise<Text> {
  return call<Text>(`/api/v1/registration/texts/${name}?version=${encodeURIComponent(version)}`);
}

/** @param token from the link in the letter. @throws ApiError */
export function confirmEmail(token: string): Promise<Standing> {
  return call<Standing>("/api/v1/registration/confirm", { method: "POST", body: { token }, key: newKey() });
}

/** @throws ApiError */
export async function resendLetter(key: string): Promise<void> {
  await call("/api/v1/registration/resend", { method: "POST", key });
}

/** @throws ApiError */
export async function changeEmail(email: string, key: string): Promise<void> {
  await call("/api/v1/registration/email", { method: "PUT", body: { email }, key });
}

/** Whether letters of this installation lie in a mailbox that anybody may look into, as in a demo. */
export async function mailboxOpen(): Promise<boolean> {
  try {
    await call("/api/v1/mailbox?limit=1");
    return true;
  } catch {
    return false;
  }
}
