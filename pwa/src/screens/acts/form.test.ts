import { describe, expect, test } from "vitest";
import type { Act } from "../../api/acts";
import { changed, formOf, tenge, tiyn, typedOf } from "./form";

const ACT = {
  number: "A-1",
  kind: "sale",
  receiver: { id: null, tax_number: "210540000050", name: "Дос" },
  transfer_date: "2026-11-22",
  sender_place_id: null,
  receiver_place_id: null,
  original_id: null,
  terms: { contract: { number: "7", date: null }, comment: "" },
  lines: [{ card_id: "card", gtin: "04870001000011", price: 1_890_050 }],
} as unknown as Act;

describe("money", () => {
  test.each([["18900", 1_890_000], ["18 900,5", 1_890_050], ["0.99", 99], ["1,005", null], ["-1", null], ["", null], ["12а", null], ["600000000", 60_000_000_000], ["600000000,01", null]])("%s", (text, price) => {
    expect(tiyn(text)).toBe(price);
  });

  test.each([1, 99, 100, 1_890_050, 150_000])("%i comes back as it was", (price) => {
    expect(tiyn(tenge(price))).toBe(price);
  });
});

describe("a draft", () => {
  test("comes back from its fields as it went in", () => {
    expect(typedOf(formOf(ACT), ACT)).toMatchObject({
      kind: "sale",
      number: "A-1",
      receiver_tax: "210540000050",
      transfer_date: "2026-11-22",
      terms: { contract: { number: "7", date: null }, comment: "" },
      prices: { "04870001000011": 1_890_050 },
    });
  });

  test("papers without a number and empty fields say nothing", () => {
    const typed = typedOf(formOf(null), null);
    expect(typed).not.toHaveProperty("number");
    expect(typed).not.toHaveProperty("transfer_date");
    expect(typed).toMatchObject({ receiver_tax: null, terms: { comment: "" }, prices: {} });
  });

  test("a move within the organisation has no buyer, and only a return names an act", () => {
    const form = { ...formOf(ACT), original: "01M812SASVMADT8QV8ZYP3J04R", to: "place" };
    expect(typedOf({ ...form, kind: "internal" }, ACT)).toMatchObject({ receiver_tax: null, receiver_place_id: "place", original_id: null });
    expect(typedOf({ ...form, kind: "return" }, ACT)).toMatchObject({ original_id: form.original });
  });

  test("a place belongs to the buyer who named it", () => {
    const form = { ...formOf(ACT), to: "shop" };
    expect(typedOf(form, ACT)).toMatchObject({ receiver_place_id: "shop" });
    expect(changed(form, { comment: "x" }).to).toBe("shop");
    expect(changed(form, { tax: form.tax, name: "Дос" }).to).toBe("shop");
    expect(changed(form, { tax: "850101300017" }).to).toBe("");
    expect(changed(form, { kind: "internal" }).to).toBe("");
    expect(changed(form, { kind: "commission" }).to).toBe("shop");
    expect(changed(form, { tax: "850101300017", to: "stall" }).to).toBe("stall");
  });

  test("prices of products that left the act are not sent", () => {
    expect(typedOf({ ...formOf(ACT), prices: { "04870001000028": "5" } }, ACT).prices).toEqual({});
  });
});
