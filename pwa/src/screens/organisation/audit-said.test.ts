import { readFileSync } from "node:fs";
import { beforeAll, expect, test, vi } from "vitest";
import { hasWords, loadParticipantWords, setLanguage } from "../../i18n";
import { said } from "./audit-said";

vi.stubGlobal("document", { documentElement: {} });

const NAMES = new Map([
  ["P1", "АХМЕТОВА АСЕЛЬ"],
  ["S1", "Shop 1"],
]);

beforeAll(async () => {
  await setLanguage("en");
  await loadParticipantWords();
});

test("what a member may is told as it was and as it became, in words", () => {
  const before = { functions: ["staff"], valid_until: "2026-12-22T19:00:00+00:00", title: "Clerk", places: ["S1"] };
  const after = { functions: ["acts", "staff"], valid_until: "2026-12-23T00:00:00+05:00", title: "Clerk", places: [] };
  expect(said({ before, after, detail: null }, NAMES)).toEqual([
    ["What is allowed", "Staff → Acts, Staff"],
    ["Works at", "Shop 1 → none"],
  ]);
});

test("the last day of a term is the day before the midnight that ends it", () => {
  const after = { valid_until: "2026-12-22T19:00:00+00:00", membership: "01M82191EFWEPYJ52J80138PB7" };
  expect(said({ before: null, after, detail: null }, NAMES)).toEqual([["Last day", "22\u00a0December 2026"]]);
});

test("a program's key, a place and an act speak the words of their own screens", () => {
  const key = { name: "Till", scopes: ["acts:see"], place: "S1" };
  expect(said({ before: null, after: key, detail: null }, NAMES)).toEqual([
    ["Name", "Till"],
    ["What is allowed", "See acts"],
    ["Place", "Shop 1"],
  ]);
  const act = { before: { state: "sent" }, after: { state: "viewed" }, detail: { number: "A-1", units: 12, other: "01X", rejected: 0 } };
  expect(said(act, NAMES)).toEqual([
    ["State", "Sent → Viewed"],
    ["Number", "A-1"],
    ["Units of goods", "12"],
  ]);
});

test("ids that nobody here knows are left to the record", () => {
  const detail = { person: "01M82191E9FG43YSNS3Y7PXAY8", sessions_ended: 2 };
  expect(said({ before: null, after: null, detail }, NAMES)).toEqual([["Log-ins ended", "2"]]);
});

test("every kind of fact that the server writes by name has words in the trail", () => {
  const folder = new URL("../../../../backend/", import.meta.url);
  const files = ["registration/service.py", "registration/signing.py", "registration/decisions.py", "organisations/sandbox.py", "identity/service.py", "identity/confirmations.py", "identity/api_keys.py", "acts/attaching.py", "acts/packing_list.py"];
  const kinds = files.flatMap((path) => [...readFileSync(new URL(path, folder), "utf8").matchAll(/"((?:act|api_key|confirmation|contract|organisation|person|registration):[a-z_]+)"/g)].map(([, kind = ""]) => kind));
  expect(kinds.length).toBeGreaterThan(10);
  const asked = new Set(["api_key:create", "api_key:revoke", "api_key:rotate", "person:contacts"]);
  expect([...new Set(kinds)].filter((kind) => !asked.has(kind) && !hasWords(`organisation.did_${kind.replace(":", "_")}`))).toEqual([]);
});
