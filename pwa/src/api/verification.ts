/** What the public may ask: a check, the product groups, the trust list and the withdrawn lists. */

import type { TrustList, WithdrawnEntry } from "../domain/trust-list";
import type { Look, Outcome } from "../domain/verdict";
import { call, callBlob } from "./client";
import type { components } from "./schema";

type Shapes = components["schemas"];

export type Names = Shapes["Names"];
export type Product = Shapes["Product"];
export type Question = Shapes["VerifyIn"];
export type Attribute = Shapes["Attribute"];
export type Group = Shapes["GroupOut"];

/** The server's answer to a check, or the device's own judgement in the same shape. */
export type Answer = Omit<Shapes["VerifyOut"], "outcome" | "look" | "parsed" | "package"> & {
  /** The server's outcomes and the two that only a device gives. */
  outcome: Outcome;
  look: Look;
  parsed: Omit<Shapes["Parsed"], "kind"> & { kind: string };
  package: { count: number; worst: Outcome } | null;
  /** The device's own judgement only: the operator's signature is right. */
  seal?: boolean;
  /** The device's own judgement only: date of the withdrawn list that was asked. */
  as_of?: string | null;
};

export function verify(question: Question, signal?: AbortSignal): Promise<Answer> {
  return call<Answer>("/api/v1/verify", { method: "POST", body: question, timeout: 15_000, signal });
}

export function fetchGroups(): Promise<Group[]> {
  return call<Group[]>("/api/v1/groups");
}

export function fetchTrustList(): Promise<TrustList> {
  return call<TrustList>("/api/v1/trust-list");
}

/** @returns the bytes of one withdrawn filter; only addresses of this server are asked. */
export async function fetchWithdrawn(entry: WithdrawnEntry): Promise<Uint8Array<ArrayBuffer>> {
  const path = `/api/v1/withdrawn/${encodeURIComponent(entry.key_id)}/${encodeURIComponent(entry.sha256)}`;
  return new Uint8Array(await (await callBlob(path, { timeout: 60_000 })).arrayBuffer());
}

/** The cheapest call there is: whether the server answers at all. */
export async function probe(): Promise<void> {
  await call("/health", { timeout: 4_000 });
}
