import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Catalogue, type Message, placeholders } from "./message";

const HERE = new URL(".", import.meta.url);
const FORMS = { kk: ["one", "other"], ru: ["one", "few", "many", "other"], en: ["one", "other"] } as const;
const LANGUAGES = ["kk", "ru", "en"] as const;
const FILES = [
  "app",
  "scanner",
  "verdict",
  "errors",
  "sign",
  "account",
  "acts",
  "audit",
  "files",
  "organisation",
  "notifications",
  "registration",
  "integrations",
  "meeting",
  "outbox",
  "paper",
  "stock",
] as const;

function catalogue(language: string, file: string): Catalogue {
  return JSON.parse(readFileSync(new URL(`${language}/${file}.json`, HERE), "utf8")) as Catalogue;
}

function forms(message: Message): string[] {
  return typeof message === "string" ? [message] : Object.values(message);
}

function named(message: Message): string[] {
  return [...new Set(forms(message).flatMap(placeholders))].sort();
}

test.each(FILES)("%s.json has the same keys in the three languages, in the same order", (file) => {
  const russian = Object.keys(catalogue("ru", file));
  expect(russian.length).toBeGreaterThan(0);
  for (const language of LANGUAGES) expect(Object.keys(catalogue(language, file)), language).toEqual(russian);
});

test("no key stands in two files", () => {
  const keys = FILES.flatMap((file) => Object.keys(catalogue("ru", file)));
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

describe.each(LANGUAGES)("%s", (language) => {
  const all = FILES.flatMap((file) => Object.entries(catalogue(language, file)));
  const russian = Object.assign({}, ...FILES.map((file) => catalogue("ru", file))) as Catalogue;

  test("fills in the same names as Russian", () => {
    for (const [key, message] of all) expect(named(message), key).toEqual(named(russian[key] ?? ""));
  });

  test("has every plural form that its grammar asks for", () => {
    for (const [key, message] of all) {
      if (typeof message !== "string") expect(Object.keys(message).sort(), key).toEqual([...FORMS[language]].sort());
    }
  });

  test("says something everywhere, without spaces at the ends", () => {
    for (const [key, message] of all) for (const text of forms(message)) expect(text.trim() && text, key).toBe(text.trim());
  });

  test("is written in its own letters", () => {
    const foreign = language === "en" ? /[Ѐ-ӿ]/ : /[a-z]{4,}(?![a-z]*[/.])/i;
    const allowed = /\{\w+\}|GTIN|Data Matrix|https?|iPhone|iPad|JPEG|PNG|WebP|XLSX|HTML|EMVS|Asl Belgisi|ZNAK|NCALayer|eGov Mobile|eGov Business|eGov QR|OpenAPI|Idempotency-Key|RateLimit-Remaining|Retry-After/g;
    for (const [key, message] of all) for (const text of forms(message)) expect(text.replace(allowed, ""), key).not.toMatch(foreign);
  });
});

test("Kazakh and Russian are not copies of one another", () => {
  const same = FILES.flatMap((file) => {
    const kazakh = catalogue("kk", file);
    return Object.entries(catalogue("ru", file)).filter(([key, text]) => typeof text === "string" && text.length > 14 && kazakh[key] === text);
  });
  expect(same.map(([key]) => key)).toEqual(["system.belarus"]);
});

test("every word key that the sources name exists", () => {
  const known = new Set(FILES.flatMap((file) => Object.keys(catalogue("ru", file))));
  const sources = readdirSync(new URL("../", HERE), { recursive: true, encoding: "utf8" }).filter((name) => /(?<!\.test)\.tsx?$/.test(name));
  for (const source of sources) {
    const text = readFileSync(new URL(`../${source}`, HERE), "utf8");
    for (const [, key] of text.matchAll(/\bt(?:Code)?\("([a-z_]+\.[a-z_.0-9]+)"/g)) expect(known, `${source}: ${key}`).toContain(key);
  }
});
