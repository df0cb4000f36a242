/** Our own vectors: the same file is asserted by tests/rules/test_gs1_marks.py, so that both readers stay one. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { foreign } from "./foreign";
import { identificationCode, read, type Scan, swappedCase, type TemplateJson, toTemplate } from "./gs1";
import pwaTable from "./ai-table.json";

interface Vector {
  name: string;
  text: string;
  symbology?: string;
  templates: string[];
  expect: Record<string, unknown>;
}

const file = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const vectors = file("../../../tests/vectors/marks.json") as {
  templates: Record<string, TemplateJson>;
  vectors: Vector[];
  foreign: { name: string; text: string; expect: unknown }[];
};

/** A scan under the names that the vectors use. */
function named(scan: Scan): Record<string, unknown> {
  return { ...scan, key_id: scan.keyId, canonical: scan.text, identification_code: identificationCode(scan) };
}

describe("read", () => {
  it.each(vectors.vectors.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
    const templates = vector.templates.map((name) => vectors.templates[name]).filter((one) => one !== undefined);
    const scan = named(read(vector.text, vector.symbology ?? null, templates.map(toTemplate)));
    const found = Object.fromEntries(Object.keys(vector.expect).map((name) => [name, scan[name]]));
    expect(found).toEqual(vector.expect);
  });

  it("swaps the letters that caps lock swapped, and nothing else", () => {
    const typed = "010487003100111821Ab-1\u001d91T4a1\u001d92xY=";
    expect(swappedCase(read(typed))).toMatchObject(
      { serial: "aB-1", keyId: "t4A1", tail: "Xy=", repairs: ["case"], text: "010487003100111821aB-1\u001d91t4A1\u001d92Xy=" });
    expect(swappedCase(read("010487003100111821123"))).toBeNull();
    expect(swappedCase(read("4870031001118"))).toBeNull();
  });
});

describe("foreign", () => {
  it.each(vectors.foreign.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
    expect(foreign(read(vector.text))).toEqual(vector.expect);
  });
});

it("reads the server's table of identifiers", () => {
  expect(pwaTable).toEqual(file("../../../backend/core/gs1/ai_table.json"));
});
