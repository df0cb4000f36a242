import { expect, test } from "vitest";
import { fitted } from "./photos";

test("a photo keeps its shape, is made no larger, and never vanishes", () => {
  expect(fitted(4000, 3000, 1600)).toEqual({ width: 1600, height: 1200 });
  expect(fitted(3000, 4000, 1600)).toEqual({ width: 1200, height: 1600 });
  expect(fitted(640, 480, 1600)).toEqual({ width: 640, height: 480 });
  expect(fitted(20_000, 3, 1600)).toEqual({ width: 1600, height: 1 });
});
