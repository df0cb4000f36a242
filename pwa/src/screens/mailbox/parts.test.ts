import { expect, test } from "vitest";
import { parts } from "./parts";

const HERE = "https://tanba.example";

test("an address of this installation can be followed", () => {
  expect(parts(`Ашыңыз:\n${HERE}/register/confirm?a=1#x жауап`, HERE)).toEqual([
    { text: "Ашыңыз:\n" },
    { text: `${HERE}/register/confirm?a=1#x`, href: "/register/confirm?a=1#x" },
    { text: " жауап" },
  ]);
});

test("a demo's own name is this installation, whatever name it was opened by", () => {
  expect(parts("http://localhost:8000/join/1", HERE)).toEqual([{ text: "http://localhost:8000/join/1", href: "/join/1" }]);
});

test.each(["https://evil.example/login", "https://tanba.example.evil/", "https://", "javascript:alert(1)", "ftp://tanba.example/"])(
  "%s stays text",
  (address) => {
    expect(parts(address, HERE).every(({ href }) => href === undefined)).toBe(true);
  },
);

test("text without addresses is one part", () => {
  expect(parts("«Дос» ЖШС", HERE)).toEqual([{ text: "«Дос» ЖШС" }]);
  expect(parts("", HERE)).toEqual([]);
});
