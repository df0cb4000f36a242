/** What a packing list's lines were refused for: in words, and as a table for whoever made the list. */

import type { RefusedLine } from "../../api/files";
import { hasWords, type Key, t } from "../../i18n";
import { short } from "./words";

/** The reason and its remedy. */
export function whyLeftOut({ reason, package: box }: RefusedLine): string {
  const known = [`import.why_${reason}`, `acts.why_${reason}`].find((key) => hasWords(key)) ?? "acts.why_other";
  return t(known as Key, { package: box ? short(`00${box}`) : "" });
}

/** As spreadsheets here open it: semicolons, CRLF, a mark of the encoding. */
export function table(lines: readonly RefusedLine[]): string {
  const head = ["sheet", "row", "column", "text", "why"] as const;
  const rows = lines.map((line) => [line.sheet, String(line.row), line.column, line.text, whyLeftOut(line)]);
  return `\uFEFF${[head.map((name) => t(`import.column_${name}`)), ...rows].map((row) => row.map(cell).join(";")).join("\r\n")}\r\n`;
}

/** Hands the table to the person as a file. */
export function save(name: string, lines: readonly RefusedLine[]): void {
  const url = URL.createObjectURL(new Blob([table(lines)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name.replace(/\.[^.]*$/, "")} – ${t("import.refused")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Somebody else's text must not become a formula on this person's computer. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
