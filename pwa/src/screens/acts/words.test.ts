import { expect, test, vi } from "vitest";
import { daysTo } from "./words";

test.each([
  ["2026-11-22T18:59:59Z", 0],
  ["2026-11-22T19:00:00Z", 1],
  ["2026-11-24T10:00:00Z", 2],
  ["2026-11-21T18:00:00Z", -1],
])("days are counted by the calendar of Kazakhstan (%s)", (instant, days) => {
  expect(daysTo(instant, Date.parse("2026-11-22T10:00:00Z"))).toBe(days);
});

test("a term that ends at midnight is over with the day before it", async () => {
  const { deadline } = await import("./words");
  vi.useFakeTimers({ now: Date.parse("2026-11-22T10:00:00Z"), toFake: ["Date"] });
  const row = { state: "sent", due_at: "2026-11-22T19:00:00Z" } as never;
  expect(deadline(row)).toBe("acts.due_today");
  vi.useRealTimers();
});
