/** The handshake of two phones, and whom an act may be addressed to. */

import { call } from "./client";
import type { components } from "./schema";

type Shapes = components["schemas"];

export type MyCode = Shapes["MineOut"];
export type QrCode = Shapes["QrOut"];
export type Met = Shapes["MetOut"];
export type News = Shapes["NewsOut"];
export type Counterparty = Shapes["CounterpartyOut"];

/** @throws ApiError, as every call of this file. */
export const myCode = (place: string | null): Promise<MyCode> => call(`/api/v1/meetings/mine${place ? `?place_id=${place}` : ""}`);
export const readCode = (token: string): Promise<Met> => call("/api/v1/meetings/read", { method: "POST", body: { token } });
export const news = (since: string | null): Promise<News> =>
  call(`/api/v1/meetings/news${since ? `?since=${encodeURIComponent(since)}` : ""}`);

export const counterparties = async (): Promise<Counterparty[]> => (await call<Shapes["CounterpartyList"]>("/api/v1/counterparties")).counterparties;
export const counterparty = (tax: string): Promise<Counterparty> => call(`/api/v1/counterparties/${tax}`);

/** Those of the codes that are one's own. */
export const ownOf = async (codes: readonly string[]): Promise<string[]> => {
  const { own } = await call<Shapes["OwnOut"]>("/api/v1/acts/own-goods", { method: "POST", body: { codes } });
  return codes.filter((_, at) => own[at]);
};
