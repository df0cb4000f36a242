import { expect, test } from "vitest";
import { named, showed } from "./meeting";

const TOKEN = "210540000050--6921a3f0-0123456789abcdef0123456789abcdef";
const WITH_PLACE = "210540000050-01M812SASVMADT8QV8ZYP3J04S-6921a3f0-0123456789abcdef0123456789abcdef";

test.each([TOKEN, WITH_PLACE])("a fresh code is known whoever the host is", (token) => {
  expect(showed(`https://tanba.kz/meet/${token}`)).toEqual({ kind: "token", token, tax: "210540000050" });
  expect(showed(` http://192.168.1.7:8000/meet/${token}\n`)).toEqual({ kind: "token", token, tax: "210540000050" });
});

test("a standing code carries a tax number whose check digit holds", () => {
  expect(showed("https://tanba.kz/meet/210540000050")).toEqual({ kind: "tax", tax: "210540000050" });
  expect(showed("https://tanba.kz/meet/210540000051")).toBeNull();
});

test.each([
  "https://tanba.kz/acts/01M812SASVMADT8QV8ZYP3J04R",
  "https://tanba.kz/meet/",
  `https://tanba.kz/meet/${TOKEN}/more`,
  `https://tanba.kz/meet/${TOKEN}?x=1`,
  `javascript:/meet/${TOKEN}`,
  `https://tanba.kz/meet/${TOKEN.replace("210540000050", "210540000051")}`,
  "0104870001234560215abc",
  "210540000050",
])("everything else is no buyer: %s", (text) => expect(showed(text)).toBeNull());

test("an address that a camera opened is read by its last part", () => {
  expect(named(TOKEN)).toEqual({ kind: "token", token: TOKEN, tax: "210540000050" });
  expect(named("nobody")).toBeNull();
});
