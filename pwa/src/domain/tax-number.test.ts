import { expect, test } from "vitest";
import { taxNumberValid } from "./tax-number";

/** The rule once more, by the letter of the decree, as the oracle. */
function last(eleven: string): number | null {
  const sum = (weights: number[]): number => weights.reduce((total, weight, at) => total + weight * Number(eleven[at]), 0) % 11;
  const first = sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  const rest = first === 10 ? sum([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) : first;
  return rest === 10 ? null : rest;
}

test("exactly one last digit fits, or none", () => {
  let second = 0;
  for (let n = 0; n < 500; n += 1) {
    const eleven = String(12_094_012_345 + n * 7_919_111).padStart(11, "0").slice(0, 11);
    const right = last(eleven);
    if ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].reduce((total, weight, at) => total + weight * Number(eleven[at]), 0) % 11 === 10) second += 1;
    for (let digit = 0; digit < 10; digit += 1) expect(taxNumberValid(`${eleven}${digit}`), eleven).toBe(digit === right);
  }
  expect(second).toBeGreaterThan(20);
});

test.each(["", "12345678901", "1234567890123", "12345678901a", "１２３４５６７８９０１２"])("%s is none", (text) => {
  expect(taxNumberValid(text)).toBe(false);
});
