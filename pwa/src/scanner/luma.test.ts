import { describe, expect, it } from "vitest";
import { inverted, lightOf, type Luma, lumaOf, pixelsOf, sharpened, smoothed } from "./luma";

function plane(width: number, height: number, at: (x: number, y: number) => number): Luma {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) data[y * width + x] = at(x, y);
  return { width, height, data };
}

const edge = plane(40, 30, (x) => (x < 20 ? 60 : 180));

describe("brightness planes", () => {
  it("survive the way to pixels and back", () => {
    const grey = plane(17, 5, (x, y) => (x * 13 + y * 29) % 256);
    expect(lumaOf(pixelsOf(grey))).toEqual(grey);
  });

  it("weigh green most and blue least", () => {
    const pixels = { width: 3, height: 1, data: new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]) };
    const [red = 0, green = 0, blue = 0] = lumaOf(pixels).data;
    expect(green).toBeGreaterThan(red);
    expect(red).toBeGreaterThan(blue);
  });

  it.each([
    ["smoothed", smoothed],
    ["sharpened", sharpened],
  ])("stay even when %s", (_, filter) => {
    const even = plane(31, 23, () => 137);
    expect(filter(even)).toEqual(even);
  });

  it("lose noise when smoothed", () => {
    const speck = plane(9, 9, (x, y) => (x === 4 && y === 4 ? 255 : 0));
    const { data } = smoothed(speck);
    expect(data[4 * 9 + 4]).toBe(36);
    expect(data[0]).toBe(0);
  });

  it("get steeper edges when sharpened, the same in both directions", () => {
    const across = sharpened(edge);
    expect(across.data[19]).toBe(0);
    expect(across.data[20]).toBe(255);
    const down = sharpened(plane(30, 40, (_, y) => (y < 20 ? 60 : 180)));
    for (let i = 0; i < 40; i += 1) expect(down.data[i * 30]).toBe(across.data[i]);
  });

  it("are inverted to the last bit", () => {
    expect(inverted(inverted(edge))).toEqual(edge);
    expect(inverted(edge).data[0]).toBe(195);
  });
});

describe("light of a frame", () => {
  it("is its mean and its spread", () => {
    const { mean, spread } = lightOf(pixelsOf(edge));
    expect(mean).toBeGreaterThan(100);
    expect(mean).toBeLessThan(140);
    expect(spread).toBe(120);
  });

  it("tells a dead camera from a dark room", () => {
    expect(lightOf(pixelsOf(plane(40, 30, () => 0)))).toEqual({ mean: 0, spread: 0 });
    expect(lightOf(pixelsOf(plane(40, 30, (x, y) => (x * 7 + y * 3) % 9))).spread).toBeGreaterThan(4);
  });
});
