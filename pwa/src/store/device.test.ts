import { beforeEach, expect, test, vi } from "vitest";
import { deviceId } from "./device";

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) });
});

test("lasts a day and no longer", () => {
  const monday = deviceId("2026-11-23");
  expect(deviceId("2026-11-23")).toBe(monday);
  const tuesday = deviceId("2026-11-24");
  expect(tuesday).not.toBe(monday);
  expect([...kept.values()].join()).not.toContain(monday);
});

test("fits what the server takes", () => {
  expect(deviceId().length).toBeLessThanOrEqual(64);
});

test("where storage is blocked it is new each time", () => {
  vi.stubGlobal("localStorage", {
    getItem: () => {
      throw new Error("blocked");
    },
  });
  expect(deviceId()).not.toBe(deviceId());
});
