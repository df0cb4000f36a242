/** The operator's desk: applications that wait, one of them in whole, and the word on it. */

import { call } from "./client";
import type { Reason } from "./registration";
import type { components } from "./schema";

type Shapes = components["schemas"];

export type DeskState = "submitted" | "approved" | "refused";
export type DeskRow = Shapes["DeskRow"];
export type DeskPage = Shapes["DeskPage"];
export type DeskApplication = Shapes["DeskApplication"];
export type SignatureFacts = Shapes["SignatureOut"];

/** @throws ApiError */
export function registrations(state: DeskState, cursor?: string): Promise<DeskPage> {
  const query = new URLSearchParams({ state, ...(cursor ? { cursor } : {}) });
  return call<DeskPage>(`/api/v1/desk/registrations?${query}`);
}

/** @throws ApiError */
export function registration(id: string): Promise<DeskApplication> {
  return call<DeskApplication>(`/api/v1/desk/registrations/${id}`);
}

/** @throws ApiError */
export async function refusalReasons(): Promise<Reason[]> {
  return (await call<Shapes["ReasonList"]>("/api/v1/desk/refusal-reasons")).reasons;
}

/** @throws ApiError; `registration.already_decided` when another operator was faster. */
export async function approve(id: string, key: string): Promise<void> {
  await call(`/api/v1/desk/registrations/${id}/approve`, { method: "POST", key });
}

/** @throws ApiError */
export async function refuse(id: string, reasons: string[], text: string, key: string): Promise<void> {
  await call(`/api/v1/desk/registrations/${id}/refuse`, { method: "POST", body: { reasons, text }, key });
}
