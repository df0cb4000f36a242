import { expect, test } from "vitest";
import { whereTo } from "./next";

const OURS = "https://tanba.example";

test("leads back to where somebody wanted to go", () => {
  expect(whereTo("/desk/01ABC?x=1", OURS)).toBe("/desk/01ABC?x=1");
  expect(whereTo("/", OURS)).toBe("/");
});

test.each([undefined, "", "https://evil.example/", "//evil.example/home", "/\\evil.example", "javascript:alert(1)", "/api/v1/me", "/login?next=/login", "/register"])(
  "%s leads to the cabinet",
  (wanted) => {
    expect(whereTo(wanted, OURS)).toBe("/home");
  },
);
