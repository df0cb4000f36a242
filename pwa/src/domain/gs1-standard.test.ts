/**
 * The vectors that others published, for the TypeScript reader: the same files and expectations as
 * tests/rules/test_gs1_standard.py. They are not in the repository; TANBA_VECTORS names their folder.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { digitalLink, gtin14, identificationCode, isChecked, isSscc, linkOf, nationalNumber, parse, parseDigitalLink,
  read, type Template } from "./gs1";
import { checkDigit } from "./gs1-digits";
import { ElementError, judged, type Pair, splitBracketed } from "./gs1-elements";
import { escape, unescape } from "./gs1-link";

interface Vector {
  id: string;
  input: string;
  valid: boolean;
  options?: Record<string, boolean>;
  expected_ais?: [string, string][];
  [name: string]: unknown;
}

const folder = process.env["TANBA_VECTORS"]
  ?? join(fileURLToPath(new URL("../../../..", import.meta.url)), "shared", "data");
const TEMPLATES: Template[] = [
  { group: "footwear", serialLength: 13, keyLength: 4, tailLengths: [88, 44], keyAi: "91", tailAi: "92" },
  { group: "dairy", serialLength: 6, keyLength: 0, tailLengths: [4], keyAi: null, tailAi: "93" },
];

function load(name: string): Vector[] {
  const path = `${folder}/gs1/${name}.json`;
  if (!existsSync(path)) return [];
  return (JSON.parse(readFileSync(path, "utf8")) as { vectors: Vector[] }).vectors.filter((vector) => !leftOut(vector));
}

/** Out of our scope: shop coupons, word aliases and unknown identifiers in links, composite and plain symbols. */
function leftOut(vector: Vector): boolean {
  return String(vector["error"] ?? "").startsWith("COUPON_")
    || Boolean(vector.options?.["convenience_alphas"]) || Boolean(vector.options?.["permit_unknown_ai"])
    || vector["direction"] === "generate"
    || ("expected_symbology" in vector && !String(vector["expected_data_caret"] ?? "").startsWith("^"));
}

function each(title: string, vectors: Vector[], assert: (vector: Vector) => void): void {
  describe(title, () => {
    it.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => { assert(vector); });
    it("says whether there are vectors", () => { expect(vectors.length > 0).toBe(existsSync(`${folder}/gs1`)); });
  });
}

function pairsOf(cut: () => Pair[]): Pair[] | null {
  try {
    return cut();
  } catch (error) {
    if (error instanceof ElementError) return null;
    throw error;
  }
}

each("raw element strings", load("element_strings_raw"), (vector) => {
  const scan = read(vector.input);
  if (vector["valid_with_associations"]) {
    expect(scan.ais).toEqual(Object.fromEntries(vector.expected_ais ?? []));
    expect(scan.repairs).toEqual(["prefix"]);
  } else {
    expect(scan.kind).toBe("unreadable");
  }
});

each("bracketed element strings", [...load("element_strings_bracketed"), ...load("ai_associations")], (vector) => {
  const pairs = pairsOf(() => judged(splitBracketed(vector.input)));
  expect(pairs !== null).toBe(vector["valid_with_associations"] ?? vector.valid);
  if (pairs !== null && "expected_raw" in vector) expect(parse(String(vector["expected_raw"]))).toEqual(pairs);
});

each("scanner output", load("scan_data"), (vector) => {
  const caret = String(vector["expected_data_caret"]).slice(1).replaceAll("^", "\u001d");
  expect(read(vector.input).ais).toEqual(Object.fromEntries(parse(caret)));
});

each("Digital Links", load("digital_link_parse"), (vector) => {
  const pairs = pairsOf(() => parseDigitalLink(vector.input, vector.options?.["permit_zero_suppressed_gtin"]));
  expect(pairs !== null).toBe(vector.valid);
  if (pairs === null) return;
  expect(pairs).toEqual(vector.expected_ais);
  expect(parse(String(vector["expected_raw"]))).toEqual(pairs);
  const names = pairs.map(([ai]) => ai);
  if ("canonical_uri" in vector && !(names.includes("235") && names.includes("10"))) {
    expect(linkOf("https://id.gs1.org", pairs)).toBe(vector["canonical_uri"]);
  }
});

each("Digital Links made", load("digital_link_generate"), (vector) => {
  const base = String(vector["stem"] ?? "https://id.gs1.org");
  const pairs = judged(splitBracketed(vector.input));
  let made: string | undefined;
  try {
    made = linkOf(base, pairs);
  } catch (error) {
    if (!(error instanceof ElementError)) throw error;
  }
  expect(made).toBe(vector["expected_uri"]);
});

each("marking codes as Digital Links", load("cis_digital_link"), (vector) => {
  const pairs = parse(String(vector["element_string"]));
  const values = new Map(pairs);
  expect(linkOf("https://id.example.kz", pairs)).toBe(vector["dl_uri"]);
  expect(digitalLink("https://id.example.kz/", values.get("01") ?? "", values.get("21") ?? "")).toBe(vector["dl_uri_ki"]);
  expect(parseDigitalLink(String(vector["dl_uri"]))).toEqual(vector["roundtrip_ais"]);
  expect(identificationCode(read(String(vector["dl_uri_ki"])))).toBe(vector["ki"]);
});

each("percent escapes", load("uri_escape"), (vector) => {
  const path = vector["op"] === "escape" ? escape(vector.input) : unescape(vector.input);
  const query = vector["op"] === "escape" ? escape(vector.input) : unescape(vector.input, true);
  expect([path, query]).toEqual([vector["expected_path"], vector["expected_query"]]);
});

each("check digits", load("check_digits"), (vector) => {
  if (vector["kind"] === "compute_check_digit") expect(checkDigit(vector.input)).toBe(vector["expected_check_digit"]);
  else if (vector["kind"] === "SSCC") expect(isSscc(vector.input)).toBe(vector.valid);
  else if (vector["kind"] === "GLN") expect(vector.input.length === 13 && isChecked(vector.input)).toBe(vector.valid);
  else if (!vector.valid || "reject_reason" in vector) expect(gtin14(vector.input)).toBeNull();
  else expect(gtin14(vector.input)).toBe(vector["expected"] ?? vector.input.padStart(14, "0"));
});

each("national catalogue numbers", load("kz_ntin"), (vector) => {
  const valid = vector["valid"] ?? vector["valid_format"];
  expect(nationalNumber(vector.input)).toBe(valid ? vector["kind"] : null);
});

each("public marking codes", load("cis_codes"), (vector) => {
  const scan = read(vector.input, null, TEMPLATES);
  if (vector["dirty"]) expect(identificationCode(scan)).toBe(vector["normalised_ki"]);
  else if (vector["group"] === "fur") expect(scan).toMatchObject({ kind: "fur", fur: vector.input });
  else if (vector["non_gs1"]) {
    expect(scan).toMatchObject({ kind: "tobacco", gtin: vector["gtin"], serial: vector["serial"] });
  } else if (vector["engine_ai_level_ok"]) {
    expect(scan).toMatchObject({ kind: "mark", repairs: [], ais: Object.fromEntries(vector.expected_ais ?? []) });
    expect(identificationCode(scan)).toBe(vector["ki"]);
  } else expect(scan.kind).toBe("unreadable");
});
