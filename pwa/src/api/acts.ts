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
/** As many units as one answer holds at most. */
export const MOST_UNITS = 5_000;

/** What is looked for in a list: part of a number or a name, or the beginning of a BIN; the days, YYYY-MM-DD, both included. */
export interface Sought {
  text: string;
  from: string;
  to: string;
}

export const EVERYTHING: Sought = { text: "", from: "", to: "" };

/** @throws ApiError, as every call of this file. */
export function acts(box: Box, states: readonly ActState[], cursor: string | null, { text, from, to } = EVERYTHING): Promise<ActList> {
  const asked = new URLSearchParams({ box, limit: "30" });
  for (const [name, value] of Object.entries({ q: text, from, to })) if (value) asked.set(name, value);
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

/** A page of an act's units; `loose` are those that lie in no package. */
export function unitsOf(id: string, limit: number, cursor: string | null, loose = false): Promise<Units> {
  const asked = new URLSearchParams({ limit: String(limit) });
  if (loose) asked.set("loose", "true");
  if (cursor) asked.set("cursor", cursor);
  return call(`${ROOT}/${id}/units?${asked}`, { timeout: 60_000 });
}

/** Every unit of an act, page by page; `each` hears of every page. */
export async function allUnitsOf(id: string, loose = false, each: (page: Units["units"]) => void = () => undefined): Promise<Units["units"]> {
  const all: Units["units"] = [];
  let cursor: string | null = null;
  do {
    const page: Units = await unitsOf(id, MOST_UNITS, cursor, loose);
    for (const unit of page.units) all.push(unit);
    cursor = page.next;
    each(page.units);
  } while (cursor);
  return all;
}
