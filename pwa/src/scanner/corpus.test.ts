/**
 * The decoder on pictures that we did not make: black-box samples of other projects, PNG and JPEG (the engine opens
 * no WebP; those go through a real browser in the end-to-end tests).
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import { beforeAll, describe, expect, it } from "vitest";
import { readerOptions } from "./reading";

const checkout = resolve(import.meta.dirname, "../../..");
const corpus = join(process.env.TANBA_VECTORS ?? join(dirname(checkout), "shared", "data"), "scan");

beforeAll(() => {
  const wasm = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
  const bytes = readFileSync(wasm);
  prepareZXingModule({ overrides: { wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) } });
});

interface Picture {
  name: string;
  data: Uint8Array;
  /** What it holds; null where the corpus does not say. */
  text: string | null;
}

function pictures(folder: string): Picture[] {
  const names = readdirSync(join(corpus, folder)).filter((name) => /\.(png|jpg)$/.test(name));
  return names.map((name) => {
    const base = join(corpus, folder, name.replace(/\.\w+$/, ""));
    const text = existsSync(`${base}.txt`) ? readFileSync(`${base}.txt`, "utf8") : null;
    return { name, data: new Uint8Array(readFileSync(join(corpus, folder, name))), text };
  });
}

/** The plain step as the worker runs it, then the inverted one. */
async function read(data: Uint8Array): Promise<{ text: string; symbology: string }[]> {
  const plain = (await readBarcodes(data, readerOptions(true))).filter((result) => result.isValid);
  const results = plain.length > 0 ? plain : await readBarcodes(data, { ...readerOptions(true), tryInvert: true });
  return results.filter((one) => one.isValid).map((one) => ({ text: one.text, symbology: one.symbologyIdentifier }));
}

async function missed(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const { name, data } of pictures(folder)) if ((await read(data)).length === 0) names.push(name);
  return names;
}

function picturesOfOthers(): void {
  it.each(["datamatrix-1", "datamatrix-4"])("%s: every one is read", async (folder) => {
    expect(pictures(folder).length).toBeGreaterThan(15);
    expect(await missed(folder)).toEqual([]);
  });

  it.each(["qrcode-2", "qrcode-5"])("%s: every one is read", async (folder) => {
    expect(await missed(folder)).toEqual([]);
  });

  it("are never read wrongly", async () => {
    const wrong: string[] = [];
    for (const folder of ["datamatrix-1", "datamatrix-4", "qrcode-2", "qrcode-5"]) {
      for (const { name, data, text } of pictures(folder)) {
        if (text === null) continue;
        for (const found of await read(data)) {
          if (found.text.trim() !== text.trim()) wrong.push(`${folder}/${name}: ${found.text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("without a code give none", async () => {
    for (const { name, data } of pictures("falsepositives-1")) expect([name, await read(data)]).toEqual([name, []]);
  });

  it.each([
    ["A_gs1_fnc1sep", "]d2"],
    ["B_plain_gs_noFNC1", "]d1"],
    ["C_plain_leadingGS", "]d1"],
    ["D_fnc1_first_gs_sep", "]d2"],
    ["E_gs1_qr", "]Q3"],
    ["F_gs1_128", "]C1"],
    ["G_gs1_dmre", "]d8"],
  ])("%s keeps its GS and its identifier %s", async (name, symbology) => {
    const [only, ...others] = await read(new Uint8Array(readFileSync(join(corpus, "fnc1-roundtrip", `${name}.png`))));
    expect(others).toEqual([]);
    expect(only?.symbology).toBe(symbology);
    expect(only?.text).toContain("\u001d");
    expect(only?.text.startsWith("\u001d")).toBe(name.startsWith("C_"));
  });
}

if (existsSync(corpus)) describe("pictures of others", picturesOfOthers);
else {
  it("is not run without them", () => {
    process.stderr.write("TANBA_VECTORS is not set: the decoder was not tried on pictures of others\n");
    expect(existsSync(corpus)).toBe(false);
  });
}
