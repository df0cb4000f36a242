/** What the organisation has: products with counts, single codes, packages. */

import { call } from "./client";
import type { components } from "./schema";

type Shapes = components["schemas"];

export type Stock = Shapes["StockOut"];
export type StockProduct = Shapes["StockProductOut"];
export type StockCard = Shapes["StockCardOut"];
export type Described = Shapes["DescribedOut"];
export type Heap = Shapes["HeapOut"];
export type Standing = Heap["standing"];
export type CodeState = Heap["state"];
export type StockCode = Shapes["StockCodeOut"];
export type StockCodes = Shapes["StockCodesOut"];
export type StockPackage = Shapes["StockPackageOut"];
export type StockPackages = Shapes["StockPackagesOut"];
export type Contents = Shapes["ContentsOut"];
export type CodeLife = Shapes["CodeHistory"];
export type Fit = Shapes["FitOut"];
export type Pickable = Shapes["PickableOut"];
export type Picked = Shapes["PickOut"];

/** What is asked for; empty strings ask for everything. */
export type Wanted = Partial<Record<"q" | "card" | "article_of" | "place" | "state" | "standing" | "packed", string>>;

const ROOT = "/api/v1";

function query(wanted: Record<string, string | undefined>, cursor: string | null, limit: number): string {
  const asked = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(wanted)) if (value) asked.set(name, value);
  if (cursor) asked.set("cursor", cursor);
  return asked.toString();
}

/** @throws ApiError, as every call of this file. */
export const stock = (wanted: Wanted, cursor: string | null): Promise<Stock> => call(`${ROOT}/stock?${query(wanted, cursor, 50)}`);
export const stockCodes = (wanted: Wanted, cursor: string | null): Promise<StockCodes> => call(`${ROOT}/stock/codes?${query(wanted, cursor, 200)}`);
/** Boxes with this product inside, lying in this place, as far as they are named. */
export const stockPackages = (card: string, place: string, cursor: string | null): Promise<StockPackages> =>
  call(`${ROOT}/stock/packages?${query({ card, place }, cursor, 50)}`);
export const contents = (sscc: string, cursor: string | null): Promise<Contents> =>
  call(`${ROOT}/packages/${encodeURIComponent(sscc)}/contents?${query({}, cursor, 200)}`);
export const codeLife = (code: string): Promise<CodeLife> => call(`${ROOT}/codes/${encodeURIComponent(code)}`);

export const checkFits = (codes: readonly string[]): Promise<Shapes["FitList"]> => call(`${ROOT}/packages/check`, { method: "POST", body: { codes } });
export const formPackage = (sscc: string, codes: readonly string[], packages: readonly string[], key: string): Promise<Shapes["PackageOut"]> =>
  call(`${ROOT}/packages`, { method: "POST", body: { sscc, codes, packages }, key });
export const openPackage = (sscc: string, key: string): Promise<Shapes["PackageOut"]> =>
  call(`${ROOT}/packages/${sscc}/open`, { method: "POST", body: {}, key });
/** Where loose units of a product lie that no draft has. */
export const pickable = (card: string): Promise<Pickable> => call(`${ROOT}/acts/pickable?card_id=${encodeURIComponent(card)}`);
/** So many loose units of a product; an empty place is any. */
export const pickUnits = (act: string, wish: { card: string; place: string; count: number }, key: string): Promise<Picked> =>
  call(`${ROOT}/acts/${act}/units/pick`, { method: "POST", body: { card_id: wish.card, place_id: wish.place || null, count: wish.count }, key });
