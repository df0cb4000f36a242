import { expect, test } from "vitest";
import { sampleOf } from "./sample";

test.each([[1, 1], [2, 1], [3, 2], [12, 5], [100, 11], [100_000, 318]])("of %i units %i are proposed", (units, sample) => {
  expect(sampleOf(units)).toBe(sample);
});
