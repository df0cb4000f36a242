/**
 * Brightness planes and the filters that rescue hard frames. Done by hand on bytes: `ctx.filter` is missing in
 * Safari, and smoothing brings back dark noisy frames while sharpening brings back defocused ones.
 */

export interface Luma {
  width: number;
  height: number;
  /** One byte per pixel, row by row. */
  data: Uint8Array;
}

/** The shape of ImageData that matters; also satisfied by the real one. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** Same integer weights as the decoder uses for RGBA, so that a plane survives the way back unchanged. */
export function lumaOf(image: Pixels): Luma {
  const { data, width, height } = image;
  const plane = new Uint8Array(width * height);
  for (let i = 0, p = 0; i < plane.length; i += 1, p += 4) {
    plane[i] = (306 * (data[p] ?? 0) + 601 * (data[p + 1] ?? 0) + 117 * (data[p + 2] ?? 0) + 512) >> 10;
  }
  return { width, height, data: plane };
}

/** Grey RGBA pixels of a plane: the only form the decoder takes. */
export function pixelsOf({ width, height, data }: Luma): Pixels {
  const words = new Uint32Array(width * height);
  for (let i = 0; i < words.length; i += 1) words[i] = 0xff000000 | ((data[i] ?? 0) * 0x010101);
  return { width, height, data: new Uint8ClampedArray(words.buffer) };
}

/** Gaussian of about one pixel (binomial 1-4-6-4-1 both ways): calms sensor noise without eating modules. */
export function smoothed(luma: Luma): Luma {
  const { width, height, data } = luma;
  const rows = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1) binomialLine(data, rows, y * width, 1, width);
  const both = new Uint8Array(data.length);
  for (let x = 0; x < width; x += 1) binomialLine(rows, both, x, width, height);
  return { width, height, data: both };
}

function binomialLine(from: Uint8Array, to: Uint8Array, start: number, step: number, length: number): void {
  const last = length - 1;
  const at = (i: number): number => from[start + Math.min(last, Math.max(0, i)) * step] ?? 0;
  let a = at(-2);
  let b = at(-1);
  let c = at(0);
  let d = at(1);
  for (let i = 0; i < length; i += 1) {
    const e = from[start + Math.min(last, i + 2) * step] ?? 0;
    to[start + i * step] = (a + 4 * b + 6 * c + 4 * d + e + 8) >> 4;
    a = b;
    b = c;
    c = d;
    d = e;
  }
}

/** Unsharp mask twice, wide and strong, then narrow: undoes defocus of up to half a module. */
export function sharpened(luma: Luma): Luma {
  return unsharp(unsharp(luma, 4, 4), 2, 2);
}

/** @param radius of the box blur in pixels (applied twice, close to a Gaussian). @param amount 1 = 100 %. */
export function unsharp(luma: Luma, radius: number, amount: number): Luma {
  const soft = boxBlur(boxBlur(luma, radius), radius).data;
  const out = new Uint8ClampedArray(luma.data.length);
  for (let i = 0; i < out.length; i += 1) {
    const value = luma.data[i] ?? 0;
    out[i] = value + amount * (value - (soft[i] ?? 0));
  }
  return { width: luma.width, height: luma.height, data: new Uint8Array(out.buffer) };
}

function boxBlur({ width, height, data }: Luma, radius: number): Luma {
  const rows = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1) boxLine(data, rows, y * width, 1, width, radius);
  const both = new Uint8Array(data.length);
  for (let x = 0; x < width; x += 1) boxLine(rows, both, x, width, height, radius);
  return { width, height, data: both };
}

function boxLine(from: Uint8Array, to: Uint8Array, start: number, step: number, length: number, radius: number): void {
  const last = length - 1;
  const span = 2 * radius + 1;
  let sum = (from[start] ?? 0) * radius;
  for (let i = 0; i <= radius; i += 1) sum += from[start + Math.min(last, i) * step] ?? 0;
  for (let i = 0; i < length; i += 1) {
    to[start + i * step] = (sum / span + 0.5) | 0;
    sum += from[start + Math.min(last, i + radius + 1) * step] ?? 0;
    sum -= from[start + Math.max(0, i - radius) * step] ?? 0;
  }
}

/** Light on dark becomes dark on light. */
export function inverted({ width, height, data }: Luma): Luma {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < out.length; i += 1) out[i] = 255 - (data[i] ?? 0);
  return { width, height, data: out };
}

export interface Light {
  /** Mean brightness, 0–255, over a sample of the frame. */
  mean: number;
  /** Brightest minus darkest of the sample: a dead camera delivers an even plane, a dark room delivers noise. */
  spread: number;
}

export function lightOf({ data }: Pixels): Light {
  // Every 61st pixel: a prime step does not fall into a rhythm with the row length.
  let sum = 0;
  let count = 0;
  let low = 255;
  let high = 0;
  for (let p = 0; p < data.length; p += 61 * 4) {
    const value = (306 * (data[p] ?? 0) + 601 * (data[p + 1] ?? 0) + 117 * (data[p + 2] ?? 0) + 512) >> 10;
    sum += value;
    count += 1;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return count === 0 ? { mean: 0, spread: 0 } : { mean: sum / count, spread: high - low };
}
