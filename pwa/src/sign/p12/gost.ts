/**
 * GOST R 34.10-2015 with 512 bits as NUC RK writes it: numbers least significant byte first, a signature is r and then s.
 *
 * WebCrypto knows nothing of it, so that the scalar is a number in the worker's memory for as long as the file is open,
 * and big numbers take a time that depends on them: fit for a person's own device, not for a server.
 */

import { weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { type Bytes, fromHex, joined, toHex } from "./der";
import { hmacStreebog512, streebog512 } from "./streebog";

const SIZE = 64;

const number = (...digits: string[]): bigint => BigInt(`0x${digits.join("")}`);

/** id-tc26-gost-3410-12-512-paramSetA (RFC 7836 A.1), which NUC RK names 1.2.398.3.10.1.1.2.2.1. */
const P = 2n ** 512n - 569n;
const ORDER = number(
  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
);
const Point = weierstrass({
  p: P,
  n: ORDER,
  h: 1n,
  a: P - 3n,
  b: number(
    "e8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265",
    "ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760",
  ),
  Gx: 3n,
  Gy: number(
    "7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921",
    "df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4",
  ),
});

/** The scalar of 64 bytes; null when it is none of this curve's. */
export function readScalar(bytes: Uint8Array): bigint | null {
  const scalar = fromLittle(bytes);
  return bytes.length === SIZE && scalar > 0n && scalar < ORDER ? scalar : null;
}

/** The public key as certificates hold it: x and then y. */
export function publicKey(scalar: bigint): Bytes {
  const { x, y } = Point.BASE.multiply(scalar).toAffine();
  return joined([toLittle(x), toLittle(y)]);
}

/** @returns 128 bytes: r and then s. `noise` only widens what the one-time number is drawn from. */
export function sign(scalar: bigint, message: Uint8Array, noise = crypto.getRandomValues(new Uint8Array(SIZE))): Bytes {
  const digest = fromLittle(streebog512(message)) % ORDER || 1n;
  for (const k of oneTime(scalar, digest, noise)) {
    const r = Point.BASE.multiply(k).toAffine().x % ORDER;
    const s = (r * scalar + k * digest) % ORDER;
    if (r && s) return joined([toLittle(r), toLittle(s)]);
  }
  throw new Error("no one-time number");
}

/**
 * One-time numbers by RFC 6979 §3.2 over HMAC-Streebog-512, with randomness as its §3.6 allows: a bad source of
 * randomness cannot repeat one, and a fault in one signature cannot be played against its twin.
 */
function* oneTime(scalar: bigint, digest: bigint, noise: Uint8Array): Generator<bigint> {
  const seed = joined([toBig(scalar), toBig(digest), noise]);
  let key: Uint8Array = new Uint8Array(SIZE);
  let value: Uint8Array = new Uint8Array(SIZE).fill(1);
  for (const step of [0, 1]) {
    key = hmacStreebog512(key, value, Uint8Array.of(step), seed);
    value = hmacStreebog512(key, value);
  }
  seed.fill(0);
  for (;;) {
    value = hmacStreebog512(key, value);
    const k = number(toHex(value));
    if (k > 0n && k < ORDER) yield k;
    key = hmacStreebog512(key, value, Uint8Array.of(0));
    value = hmacStreebog512(key, value);
  }
}

function toBig(value: bigint): Bytes {
  return fromHex(value.toString(16).padStart(SIZE * 2, "0"));
}

function toLittle(value: bigint): Bytes {
  return toBig(value).reverse();
}

function fromLittle(bytes: Uint8Array): bigint {
  return number("0", toHex(bytes.slice().reverse()));
}
