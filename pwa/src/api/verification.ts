/** What the public may ask: a check, the product groups, the trust list and the withdrawn lists. */

import type { TemplateJson } from "../domain/mark";
import type { TrustList, WithdrawnEntry } from "../domain/trust-list";
import type { Look, Outcome } from "../domain/verdict";
import { call, callBytes } from "./client";

export interface Names {
  kk: string;
  ru: string;
  en: string;
}

export interface Product {
  gtin: string | null;
  group: string;
  names: Names;
  brand: string | null;
  attributes: Record<string, unknown>;
  producer: { name: string; country: string | null } | null;
  /** ISO 3166 alpha-2, of origin. */
  country: string | null;
  importer: { names: Names } | null;
  image: string | null;
  expires_on: string | null;
  introduced_on: string | null;
}

/** The server's answer to a check, or the device's own judgement in the same shape. */
export interface Answer {
  outcome: Outcome;
  look: Look;
  parsed: {
    kind: string;
    gtin: string | null;
    serial: string | null;
    key_id: string | null;
    sscc: string | null;
    ais: Record<string, string>;
  };
  product: Product | null;
  /** Instant of the judgement, ISO 8601 in UTC. */
  checked_at: string;
  advice: string;
  group: string | null;
  repairs: string[];
  problem: string | null;
  foreign: { system: string; country: string | null } | null;
  event: { at: string | null; reason: string | null } | null;
  package: { count: number; worst: Outcome } | null;
  seller: { names: Names } | null;
  checks: { count: number; first_at: string | null } | null;
  /** The device's own judgement only: the operator's signature is right. */
  seal?: boolean;
  /** The device's own judgement only: date of the withdrawn list that was asked. */
  as_of?: string | null;
}

export interface Question {
  code: string;
  symbology?: string;
  source?: "camera" | "photo" | "manual" | "wedge" | "link";
  device?: string;
}

export interface Attribute {
  code: string;
  names: Names;
  /** True: the buyer can compare it with the thing in hand. */
  compare: boolean;
  unit?: string | null;
  /** Values that the attribute may have; without them it is free text. */
  choices?: { code: string; names: Names }[] | null;
}

export interface Group {
  id: string;
  names: Names;
  /** Null for goods that carry physical control marks instead of codes. */
  template: TemplateJson | null;
  attributes: Attribute[];
  tnved: string[];
}

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
export function fetchWithdrawn(entry: WithdrawnEntry): Promise<Uint8Array<ArrayBuffer>> {
  return callBytes(`/api/v1/withdrawn/${encodeURIComponent(entry.key_id)}/${encodeURIComponent(entry.sha256)}`, { timeout: 60_000 });
}

/** The cheapest call there is: whether the server answers at all. */
export async function probe(): Promise<void> {
  await call("/health", { timeout: 4_000 });
}
