/** Acts of acceptance-transfer, as the server keeps them. */

import { call, newKey } from "./client";
import type { components } from "./schema";

type Shapes = components["schemas"];

export type Act = Shapes["ActOut"];
export type ActRow = Shapes["ActRow"];
export type ActList = Shapes["ActList"];
export type ActLine = Shapes["LineOut"];
export type ActState = ActRow["state"];
export type ActKind = ActRow["kind"];
export type ActTyped = Shapes["ActIn"];
export type ActTerms = Shapes["Terms"];
export type Put = Shapes["PutOut"];
export type Goods = Shapes["GoodsOut"];
export type Papers = Shapes["ToSignList"];
export type Decision = Shapes["DecisionIn"];
type Units = Shapes["UnitList"];

export type Box = "in" | "out";

const ROOT = "/api/v1/acts";
/** As many units as one answer holds. */
const PAGE = 500;

/** @throws ApiError, as every call of this file. */
export function acts(box: Box, states: readonly ActState[], cursor: string | null): Promise<ActList> {
  const asked = new URLSearchParams({ box, limit: "30" });
  if (states.length > 0) asked.set("state", states.join(","));
  if (cursor) asked.set("cursor", cursor);
  return call(`${ROOT}?${asked}`);
}

export const act = (id: string): Promise<Act> => call(`${ROOT}/${id}`);
export const viewAct = (id: string): Promise<Act> => call(`${ROOT}/${id}/view`, { method: "POST", key: newKey() });

export const createAct = (typed: ActTyped, key: string): Promise<Act> => call(ROOT, { method: "POST", body: typed, key });
export const changeAct = (id: string, version: number, typed: ActTyped): Promise<Act> =>
  call(`${ROOT}/${id}`, { method: "PUT", body: { ...typed, version }, key: newKey() });
export const discardAct = (id: string): Promise<unknown> => call(`${ROOT}/${id}`, { method: "DELETE", key: newKey() });

/** Adding what is there already changes nothing, so every try may have its own key. */
export const putUnits = (id: string, codes: readonly string[]): Promise<Goods> =>
  call(`${ROOT}/${id}/units`, { method: "POST", body: { codes }, key: newKey(), timeout: 60_000 });
export const takeUnitsOut = (id: string, codes: readonly string[]): Promise<Act> =>
  call(`${ROOT}/${id}/units/remove`, { method: "POST", body: { codes }, key: newKey() });

export const actDocument = (id: string): Promise<Papers> => call(`${ROOT}/${id}/document`);
export const decisionDocument = (id: string, decision: Decision): Promise<Papers> =>
  call(`${ROOT}/${id}/decision/document`, { method: "POST", body: decision, timeout: 60_000 });
export const annulmentDocument = (id: string): Promise<Papers> => call(`${ROOT}/${id}/annulment`);

/** Every unit of an act; `progress` hears how many came. */
export async function unitsOf(id: string, progress: (count: number) => void): Promise<Units["units"]> {
  const all: Units["units"] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page: Units = await call<Units>(`${ROOT}/${id}/units?limit=${PAGE}${more}`);
    for (const unit of page.units) all.push(unit);
    cursor = page.next;
    progress(all.length);
  } while (cursor);
  return all;
}
