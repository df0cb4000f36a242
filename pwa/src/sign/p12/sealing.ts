/**
 * A container and its password, locked for keeping on the device.
 *
 * The lock is made of two halves: the PIN, stretched, and a key of this browser that no script can read out. The PIN
 * alone opens nothing on another device, and the stored bytes are worth nothing without the PIN. Who copies the whole
 * profile of the browser from the disk has the second half too, so that a short PIN then only slows them down.
 */

import { type Bytes, joined } from "./der";
import { SignError } from "./errors";

export interface Sealed {
  salt: Bytes;
  iterations: number;
  /** Of AES-GCM. */
  vector: Bytes;
  data: Bytes;
}

/** OWASP's count for PBKDF2 with SHA-256, 2023. */
export const ITERATIONS = 600_000;

const LABEL = new TextEncoder().encode("tanba/kept-key/1");

/** The browser's half; the caller keeps it in IndexedDB, where it stays unreadable. */
export function newDeviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

async function lock(pin: Bytes, salt: Bytes, iterations: number, device: CryptoKey): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", pin, "PBKDF2", false, ["deriveBits"]);
  pin.fill(0);
  const stretching = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const half = new Uint8Array(await crypto.subtle.deriveBits(stretching, secret, 256));
  const whole = new Uint8Array(await crypto.subtle.sign("HMAC", device, joined([LABEL, half])));
  const key = await crypto.subtle.importKey("raw", whole, "AES-GCM", false, ["encrypt", "decrypt"]);
  half.fill(0);
  whole.fill(0);
  return key;
}

/** Wipes PIN and password. Both are UTF-8. */
export async function seal(file: Bytes, password: Bytes, pin: Bytes, device: CryptoKey): Promise<Sealed> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const vector = crypto.getRandomValues(new Uint8Array(12));
  const key = await lock(pin, salt, ITERATIONS, device);
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, password.length);
  const plain = joined([size, password, file]);
  password.fill(0);
  const data = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: vector }, key, plain));
  plain.fill(0);
  return { salt, iterations: ITERATIONS, vector, data };
}

/** Wipes the PIN. @throws SignError `sign.wrong_pin` */
export async function unseal(sealed: Sealed, pin: Bytes, device: CryptoKey): Promise<{ file: Bytes; password: Bytes }> {
  const key = await lock(pin, sealed.salt, sealed.iterations, device);
  let plain: Bytes;
  try {
    plain = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.vector }, key, sealed.data));
  } catch {
    throw new SignError("sign.wrong_pin");
  }
  const end = 4 + new DataView(plain.buffer).getUint32(0);
  const opened = { password: plain.slice(4, end), file: plain.slice(end) };
  plain.fill(0);
  return opened;
}
