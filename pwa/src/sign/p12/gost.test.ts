import { weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { expect, test } from "vitest";
import { toHex } from "./der";
import { publicKey, readScalar, sign } from "./gost";
import { streebog512 } from "./streebog";

const P = 2n ** 512n - 569n;
const ORDER = BigInt(
  "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
);
/** RFC 7836 appendix A.1, its b and y written once more, so that a slip in either place is seen. */
const Curve = weierstrass({
  p: P,
  n: ORDER,
  h: 1n,
  a: P - 3n,
  b: BigInt(
    "0xe8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760",
  ),
  Gx: 3n,
  Gy: BigInt(
    "0x7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4",
  ),
});

const little = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.slice().reverse())}`);
const scalar = readScalar(Uint8Array.from({ length: 64 }, (_, at) => (at * 37 + 11) & 0xff)) ?? 0n;
const message = new TextEncoder().encode("kz.tanba.act/v1");

function invert(value: bigint): bigint {
  let [low, high, x, y] = [((value % ORDER) + ORDER) % ORDER, ORDER, 1n, 0n];
  while (low > 1n) [low, high, x, y] = [high % low, low, y - (high / low) * x, x];
  return ((x % ORDER) + ORDER) % ORDER;
}

/** GOST R 34.10-2012 §6.2, step by step. */
function verifies(key: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const [r, s] = [little(signature.slice(0, 64)), little(signature.slice(64))];
  const inverse = invert(little(digest) % ORDER || 1n);
  const point = Curve.fromAffine({ x: little(key.slice(0, 64)), y: little(key.slice(64)) });
  point.assertValidity();
  const sum = Curve.BASE.multiply((s * inverse) % ORDER).add(point.multiply(((ORDER - r) * inverse) % ORDER));
  return sum.toAffine().x % ORDER === r;
}

test("a signature verifies by the steps of the standard, and of no other message", () => {
  const signature = sign(scalar, message);
  expect(signature).toHaveLength(128);
  expect(verifies(publicKey(scalar), streebog512(message), signature)).toBe(true);
  expect(verifies(publicKey(scalar), streebog512(message.slice(1)), signature)).toBe(false);
  expect(verifies(publicKey(scalar + 1n), streebog512(message), signature)).toBe(false);
});

test("the one-time number follows from key, message and noise, and from each of them", () => {
  const noise = new Uint8Array(64).fill(7);
  const r = (...given: Parameters<typeof sign>): string => toHex(sign(...given).slice(0, 64));
  expect(r(scalar, message, noise)).toBe(r(scalar, message, noise));
  const all = [r(scalar, message, noise), r(scalar + 1n, message, noise), r(scalar, message.slice(1), noise), r(scalar, message)];
  expect(new Set(all).size).toBe(4);
  // Even a source of randomness that gives the same again and again repeats no number for another message.
  const broken = new Uint8Array(64);
  expect(r(scalar, message, broken)).not.toBe(r(scalar, message.slice(1), broken));
});

test("numbers outside the curve's order are no keys", () => {
  const written = (value: bigint): Uint8Array =>
    Uint8Array.from(value.toString(16).padStart(128, "0").match(/../g) ?? [], (pair) => parseInt(pair, 16)).reverse();
  expect(readScalar(written(ORDER - 1n))).toBe(ORDER - 1n);
  expect(readScalar(written(1n))).toBe(1n);
  for (const wrong of [written(0n), written(ORDER), written(1n).slice(1), new Uint8Array()]) expect(readScalar(wrong)).toBeNull();
});
