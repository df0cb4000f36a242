import { expect, test } from "vitest";
import { table } from "./import-table";

const LINE = { sheet: "Лист1", row: 3, column: "B", text: '0104870000000005 "x"', code: null, reason: "digits_lost", package: null };

test("the table opens in a spreadsheet and brings no formula along", () => {
  const [head, first, second, end] = table([LINE, { ...LINE, text: "=HYPERLINK(1)", sheet: "@x", reason: "packed", package: "487000000000000078" }]).split("\r\n");
  expect(head?.startsWith("\uFEFF\"")).toBe(true);
  expect(first?.startsWith('"Лист1";"3";"B";"0104870000000005 ""x""";"')).toBe(true);
  expect(second?.startsWith(`"'@x";"3";"B";"'=HYPERLINK(1)";"`)).toBe(true);
  expect(end).toBe("");
});
