/** Writing DER: each function gives one whole element. */

export type Bytes = Uint8Array<ArrayBuffer>;

export function joined(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function element(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  const content = joined(parts);
  const length = content.length;
  if (length < 0x80) return joined([Uint8Array.of(tag, length), content]);
  const digits: number[] = [];
  for (let left = length; left > 0; left >>>= 8) digits.unshift(left & 0xff);
  return joined([Uint8Array.of(tag, 0x80 | digits.length, ...digits), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Bytes => element(0x30, ...parts);
export const octetString = (content: Uint8Array): Bytes => element(0x04, content);
export const nothing: Bytes = element(0x05);

/** `[number]`, constructed: around whole elements (explicit), or in place of a SEQUENCE's or SET's tag (implicit). */
export const tagged = (number: number, ...parts: readonly Uint8Array[]): Bytes => element(0xa0 | number, ...parts);

/** In the order that DER demands: by the bytes of the elements. */
export const setOf = (...parts: readonly Uint8Array[]): Bytes => element(0x31, ...[...parts].sort(byBytes));

/** A whole number of bytes; the bits fill them all. */
export const bitString = (content: Uint8Array): Bytes => element(0x03, Uint8Array.of(0), content);

export function integer(value: bigint | number): Bytes {
  let digits = value.toString(16);
  if (digits.length % 2) digits = `0${digits}`;
  const bytes = fromHex(digits);
  return element(0x02, (bytes[0] ?? 0) & 0x80 ? joined([Uint8Array.of(0), bytes]) : bytes);
}

export function oid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return element(0x06, Uint8Array.from(bytes));
}

/** Whole seconds; UTCTime up to 2049 and GeneralizedTime from then, as RFC 5652 §11.3 has it. */
export function time(moment: Date): Bytes {
  const digits = moment.toISOString().replace(/\.\d+|[-T:]/g, "");
  const short = moment.getUTCFullYear() < 2050;
  return element(short ? 0x17 : 0x18, new TextEncoder().encode(short ? digits.slice(2) : digits));
}

export function fromHex(digits: string): Bytes {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function byBytes(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference) return difference;
  }
  return a.length - b.length;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && byBytes(a, b) === 0;
}
