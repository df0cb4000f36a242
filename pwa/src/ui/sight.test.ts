import { describe, expect, test } from "vitest";
import { sight } from "./sight";

describe("the rows in sight", () => {
  test("are the first ones while the list lies below", () => {
    expect(sight(-900, 800, 80, 50_000).from).toBe(0);
  });

  test.each([0, 1, 79, 80, 12_345, 3_999_000])("hold every row that is seen, %i pixels down", (top) => {
    const { from, to } = sight(top, 800, 80, 50_000);
    expect(from).toBeLessThanOrEqual(Math.floor(top / 80));
    expect(to).toBeGreaterThanOrEqual(Math.min(50_000, Math.ceil((top + 800) / 80)));
    expect(to - from).toBeLessThanOrEqual(10 + 24 + 12 + 1);
  });

  test("are the same for a few pixels more", () => {
    expect(sight(8_003, 800, 80, 50_000)).toEqual(sight(8_000, 800, 80, 50_000));
  });

  test("are all of a short list, none of an empty one, and one where the list has shrunk", () => {
    expect(sight(0, 800, 80, 5)).toEqual({ from: 0, to: 5 });
    expect(sight(0, 800, 80, 0)).toEqual({ from: 0, to: 0 });
    expect(sight(90_000, 800, 80, 5)).toEqual({ from: 4, to: 5 });
    expect(sight(0, 800, 0, 100)).toEqual({ from: 0, to: 24 });
  });
});
