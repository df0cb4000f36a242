import { expect, test } from "vitest";
import { dayAfter, today } from "./days";

test("a day is Kazakhstan's, where it begins five hours before UTC's", () => {
  expect(today(Date.UTC(2026, 10, 21, 18, 59, 59))).toBe("2026-11-21");
  expect(today(Date.UTC(2026, 10, 21, 19, 0, 0))).toBe("2026-11-22");
});

test.each([
  ["2026-11-22", 3, "2027-02-22"],
  ["2026-11-30", 3, "2027-02-28"],
  ["2024-02-29", 12, "2025-02-28"],
  ["2026-12-31", 36, "2029-12-31"],
])("%s and %i months are %s", (day, months, expected) => {
  expect(dayAfter(day, months)).toBe(expected);
});
