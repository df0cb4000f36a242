import { expect, test } from "vitest";
import type { Act } from "../../api/acts";
import { changesOf, pricesValid } from "./correction";
import { formOf } from "./form";

const LINE = { card_id: "card", gtin: "04870001234567", names: { kk: "а", ru: "а", en: "a" }, attributes: {}, units: 2, price: 150_000 };
const ACT = {
  kind: "sale",
  number: "7",
  transfer_date: "2026-11-22",
  receiver: { tax_number: "210540000040", name: "b", names: null, id: null },
  terms: { contract: { number: "7", date: "2026-11-01" }, waybill: null, invoice: null, comment: "" },
  lines: [LINE, { ...LINE, card_id: "fur", gtin: null, price: null }],
} as unknown as Act;

test("nothing typed is no correction", () => {
  expect(changesOf(formOf(ACT), ACT)).toBeNull();
});

test("only what differs is sent", () => {
  const form = { ...formOf(ACT), date: "2026-11-21", prices: { "04870001234567": "1400,50", fur: "" } };
  expect(changesOf(form, ACT)).toEqual({ transfer_date: "2026-11-21", prices: { "04870001234567": 140_050 } });
});

test("a price that was emptied goes, one that was not there comes", () => {
  const form = { ...formOf(ACT), prices: { "04870001234567": " ", fur: "10" } };
  expect(changesOf(form, ACT)).toEqual({ prices: { "04870001234567": null, fur: 1_000 } });
});

test("terms are sent whole, so that what stays is not lost", () => {
  const form = { ...formOf(ACT), comment: "Кіреберіс 2" };
  expect(changesOf(form, ACT)?.terms).toEqual({ contract: { number: "7", date: "2026-11-01" }, comment: "Кіреберіс 2" });
});

test("what is no amount is not sent as a price that goes", () => {
  expect(pricesValid({ ...formOf(ACT), prices: { fur: "дорого" } })).toBe(false);
  expect(pricesValid(formOf(ACT))).toBe(true);
});
