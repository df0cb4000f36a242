import { expect, test } from "vitest";
import { looksLikeEmail, normalPhone, readablePhone } from "./phone";

test.each(["8 701 234 56 78", "+7 (701) 234-56-78", "7012345678", "77012345678", "+77012345678"])("%s is one number", (typed) => {
  expect(normalPhone(typed)).toBe("+77012345678");
});

test("a number of another country stands as it is", () => {
  expect(normalPhone("+998 90 123 45 67")).toBe("+998901234567");
});

test.each(["", "701", "+7 701 234 56", "+7 701 234 56 789", "70123456789012", "звоните"])("%s is none", (typed) => {
  expect(normalPhone(typed)).toBeNull();
});

test("is read in groups that do not break", () => {
  expect(readablePhone("+77012345678")).toBe("+7\u00a0701\u00a0234\u00a056\u00a078");
  expect(readablePhone("+998901234567")).toBe("+998901234567");
});

test("a slip in an address is caught before it is sent", () => {
  expect(looksLikeEmail(" aigul@mail.kz ")).toBe(true);
  expect(looksLikeEmail("aigul@пошта.қаз")).toBe(true);
  for (const typed of ["", "aigul", "aigul@", "aigul@mail", "@mail.kz", "a b@mail.kz", "a@mail..kz"]) expect(looksLikeEmail(typed)).toBe(false);
});
