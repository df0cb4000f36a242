import type { ReaderOptions, ReadResult } from "zxing-wasm/reader";
import { describe, expect, it } from "vitest";
import { linearIn, rescueFor } from "./ladder";
import { type Luma, pixelsOf } from "./luma";
import { type Engine, merge, readImage, readerOptions } from "./reading";

const frame = pixelsOf({ width: 32, height: 32, data: new Uint8Array(32 * 32).fill(90) } satisfies Luma);

function result(text: string, at = 0, more: Partial<ReadResult> = {}): ReadResult {
  const position = {
    topLeft: { x: at, y: at },
    topRight: { x: at + 100, y: at },
    bottomRight: { x: at + 100, y: at + 100 },
    bottomLeft: { x: at, y: at + 100 },
  };
  const bytes = new TextEncoder().encode(text);
  const known = { isValid: true, error: "", format: "DataMatrix", symbologyIdentifier: "]d2", text, bytes, position };
  return { ...known, ...more } as ReadResult;
}

const torn = (at = 0): ReadResult => result("", at, { isValid: false, error: "ChecksumError @ DMDecoder.cpp:410" });

/** An engine that answers from a list and remembers what it was shown. */
function engineOf(...answers: ReadResult[][]): { engine: Engine; shown: number[]; options: ReaderOptions[] } {
  const shown: number[] = [];
  const options: ReaderOptions[] = [];
  const engine: Engine = async (image, given) => {
    shown.push(image.data[0] ?? -1);
    options.push(given);
    return answers[shown.length - 1] ?? [];
  };
  return { engine, shown, options };
}

describe("the ladder of frames", () => {
  it("tries smoothing and sharpening in every 6th frame and inversion in every 12th, never two in one", () => {
    const steps = Array.from({ length: 24 }, (_, n) => rescueFor(n));
    const count = (name: string): number => steps.filter((step) => step === name).length;
    expect([count("smoothed"), count("sharpened"), count("inverted")]).toEqual([4, 4, 2]);
    expect(steps[0]).toBeNull();
  });

  it("looks for linear codes in every second frame, and at once for one to be confirmed", () => {
    expect([0, 1, 2, 3].map((n) => linearIn(n, false))).toEqual([false, true, false, true]);
    expect(linearIn(0, true)).toBe(true);
  });
});

describe("reading one image", () => {
  it("stops after the plain attempt when everything was read", async () => {
    const { engine, shown } = engineOf([result("a")]);
    const { scans, light } = await readImage(frame, { linear: false, rescues: ["smoothed", "sharpened"] }, engine);
    expect(scans.map((scan) => scan.text)).toEqual(["a"]);
    expect(shown).toHaveLength(1);
    expect(light).toEqual({ mean: 90, spread: 0 });
  });

  it("goes up the rescues in their order until something reads", async () => {
    const { engine, shown } = engineOf([], [], [result("b")]);
    const { scans } = await readImage(frame, { linear: false, rescues: ["smoothed", "inverted", "sharpened"] }, engine);
    expect(scans.map((scan) => scan.text)).toEqual(["b"]);
    // Even grey stays as it is when smoothed, and turns over when inverted.
    expect(shown).toEqual([90, 90, 165]);
  });

  it("tries again for a code that was only located, keeping the others", async () => {
    const { engine } = engineOf([result("a"), torn(300)], [result("b", 302)]);
    const { scans } = await readImage(frame, { linear: false, rescues: ["sharpened"] }, engine);
    expect(scans.map((scan) => [scan.text, scan.located ?? false])).toEqual([
      ["a", false],
      ["b", false],
    ]);
  });

  it("stops between attempts when it was given up", async () => {
    const { engine, shown } = engineOf();
    await readImage(frame, { linear: false, rescues: ["smoothed"] }, engine, () => true);
    expect(shown).toHaveLength(1);
  });

  it("keeps bytes and identifier, and copies the bytes out of the decoder's memory", async () => {
    const memory = new Uint8Array([9, 48, 29, 49, 9]);
    const { engine } = engineOf([result("0\u001d1", 0, { bytes: memory.subarray(1, 4) })]);
    const { scans } = await readImage(frame, { linear: false, rescues: [] }, engine);
    memory.fill(0);
    expect(scans[0]).toMatchObject({ text: "0\u001d1", symbology: "]d2", bytes: new Uint8Array([48, 29, 49]) });
  });

  it("takes no linear shadow and no speck for a located code", async () => {
    const speck = torn();
    speck.position = { topLeft: { x: 0, y: 0 }, topRight: { x: 9, y: 0 }, bottomRight: { x: 9, y: 9 }, bottomLeft: { x: 0, y: 9 } };
    const shadow = result("", 0, { isValid: false, error: "ChecksumError", format: "EAN13" });
    const format = result("", 0, { isValid: false, error: "FormatError" });
    const { engine } = engineOf([speck, shadow, format]);
    expect((await readImage(frame, { linear: true, rescues: [] }, engine)).scans).toEqual([]);
  });
});

describe("options", () => {
  it("keep GS, rotation and the harder search, and leave inversion to the ladder", () => {
    expect(readerOptions(false)).toMatchObject({ textMode: "Plain", tryRotate: true, tryHarder: true, tryInvert: false });
    expect(readerOptions(false).formats).not.toContain("EAN13");
    expect(readerOptions(true).formats).toContain("EAN13");
  });
});

describe("joining two readings", () => {
  const at = (text: string, x: number, located = false) => ({
    text,
    symbology: null,
    format: "DataMatrix",
    located,
    position: [
      { x, y: 0 },
      { x: x + 50, y: 0 },
      { x: x + 50, y: 50 },
      { x, y: 50 },
    ] as const,
  });

  it("counts a code once, but two of the same text in two places twice", () => {
    expect(merge([at("a", 0)], [at("a", 3)])).toHaveLength(1);
    expect(merge([at("a", 0)], [at("a", 400)])).toHaveLength(2);
  });

  it("forgets a located code once its place was read, whichever came first", () => {
    expect(merge([at("", 0, true)], [at("a", 2)]).map((scan) => scan.text)).toEqual(["a"]);
    expect(merge([at("a", 2)], [at("", 0, true)]).map((scan) => scan.text)).toEqual(["a"]);
    expect(merge([at("a", 2)], [at("", 400, true)])).toHaveLength(2);
  });
});
