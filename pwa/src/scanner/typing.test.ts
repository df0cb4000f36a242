import { expect, it } from "vitest";
import { typingHint } from "./typing";

it.each([
  ["", "scanner.typing_empty"],
  ["01", "scanner.typing_gtin"],
  ["0104870001", "scanner.typing_gtin"],
  ["(01) 0487 0001", "scanner.typing_gtin"],
  ["0104870001234561", "scanner.typing_check_digit"],
  ["0104870001234560", "scanner.typing_serial_next"],
  ["010487000123456021", "scanner.typing_serial"],
  ["0104870001234560 21 5Dt3NR4BIkMBE", "scanner.typing_good"],
  ["(01)04870001234560(21)5Dt3NR4BIkMBE", "scanner.typing_good"],
  ["4870001234560", "scanner.typing_barcode"],
  ["0048700012", "scanner.typing_package_more"],
  ["KZ-4302", "scanner.typing_fur_more"],
  ["kz-430202-abcdefg123", "scanner.typing_fur"],
  ["hello", "scanner.typing_unknown"],
])("%j is told %s", (typed, key) => {
  expect(typingHint(typed).key).toBe(key);
});

it("says which digit would be right", () => {
  expect(typingHint("0104870001234561")).toMatchObject({ tone: "wrong", params: { digit: "0" } });
});

it("counts what is there and what is missing", () => {
  expect(typingHint("0104870001").params).toEqual({ have: 8 });
  expect(typingHint("0048700012").params).toEqual({ left: 10 });
  expect(typingHint("KZ-4302").params).toEqual({ left: 13 });
});
