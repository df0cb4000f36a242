import { expect, test } from "vitest";
import { blocks } from "./markdown";

test("headings, points with their own numbers, bullets and paragraphs stand apart", () => {
  const found = blocks("# Договор\n\nМежду сторонами\nзаключён.\n\n## 1. Предмет\n1.1. Оператор **обязан** вести реестр.\n1.2. Участник\n- первое\n- второе\n");
  expect(found.map(({ kind, number, runs }) => [kind, number, runs.join("|")])).toEqual([
    ["heading", "", "Договор"],
    ["paragraph", "", "Между сторонами заключён."],
    ["subheading", "", "1. Предмет"],
    ["point", "1.1.", "Оператор |обязан| вести реестр."],
    ["point", "1.2.", "Участник"],
    ["point", "", "первое"],
    ["point", "", "второе"],
  ]);
});
