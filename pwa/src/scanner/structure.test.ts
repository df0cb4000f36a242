import { expect, it } from "vitest";
import type { RawScan } from "./scan";
import { marksIfAny, provesItself } from "./structure";

const of = (text: string, symbology: string, format: string): RawScan => ({ text, symbology, format, source: "camera" });
const mark = of("01048700012345602112345\u001d91T001\u001d92abc=", "]d2", "DataMatrix");
const box = of("00048700012345678902", "]C1", "Code128");
const ean = of("4870001234560", "]E0", "EAN13");
const link = of("https://example.kz/p/1", "]Q1", "QRCode");
const broken = of("01048700012345612112345", "]d2", "DataMatrix");

it("marks and packages prove themselves by structure and check digit; barcodes, links and misreads do not", () => {
  expect([mark, ean, link, broken].map(provesItself)).toEqual([true, false, false, false]);
  expect(provesItself({ ...mark, located: true })).toBe(false);
});

it("a mark in sight silences the barcode beside it, and nothing else does", () => {
  expect(marksIfAny([ean, mark, link])).toEqual([mark]);
  expect(marksIfAny([ean, link])).toEqual([ean, link]);
  expect(marksIfAny([])).toEqual([]);
});

it("a package is a mark of its own", () => {
  const digits = "04870001234567890";
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  expect(provesItself({ ...box, text: `00${digits}${(10 - (sum % 10)) % 10}` })).toBe(true);
});
