/**
 * How containers are locked: passwords into keys (RFC 7292 appendix B, RFC 8018), and the ciphers that such keys open.
 * WebCrypto does what it can; 3DES and RC2, which it never learned and the national authority still issues, node-forge.
 */

import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import des from "node-forge/lib/des.js";
import rc2 from "node-forge/lib/rc2.js";
import util from "node-forge/lib/util.js";
import { count, type Element, inside, octets, oid, TAG } from "./asn1";
import { type Bytes, equal, joined } from "./der";
import { SignError } from "./errors";

type Hash = typeof sha1 | typeof sha256 | typeof sha512;

const HASHES: Record<string, Hash> = {
  "1.3.14.3.2.26": sha1,
  "2.16.840.1.101.3.4.2.1": sha256,
  "2.16.840.1.101.3.4.2.2": sha384,
  "2.16.840.1.101.3.4.2.3": sha512,
};

/** HMACs as RFC 8018 names them: ours for codes, WebCrypto's for keys. */
const HMACS: Record<string, { hash: Hash; name: string }> = {
  "1.2.840.113549.2.7": { hash: sha1, name: "SHA-1" },
  "1.2.840.113549.2.9": { hash: sha256, name: "SHA-256" },
  "1.2.840.113549.2.10": { hash: sha384, name: "SHA-384" },
  "1.2.840.113549.2.11": { hash: sha512, name: "SHA-512" },
};
const HMAC_SHA1 = "1.2.840.113549.2.7";

type Cipher = "3des" | "rc2-40";

const PKCS12_SCHEMES: Record<string, { cipher: Cipher; keyLength: number }> = {
  "1.2.840.113549.1.12.1.3": { cipher: "3des", keyLength: 24 },
  "1.2.840.113549.1.12.1.6": { cipher: "rc2-40", keyLength: 5 },
};
const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const PBMAC1 = "1.2.840.113549.1.5.14";
const AES: Record<string, number> = { "2.16.840.1.101.3.4.1.2": 16, "2.16.840.1.101.3.4.1.42": 32 };

/** More rounds of our own hashing than this would hang a phone; containers have thousands. */
const MOST_ROUNDS = 1_000_000;

/**
 * Opens what an AlgorithmIdentifier locked. `password` is UTF-8.
 *
 * @throws SignError `sign.wrong_password` when the padding says so, `sign.algorithm` for a lock we do not know.
 */
export async function unlock(algorithm: Element | undefined, sealed: Bytes, password: Bytes): Promise<Bytes> {
  const [name, parameters] = inside(algorithm, TAG.sequence);
  const scheme = oid(name);
  if (scheme === PBES2) return unlockModern(parameters, sealed, password);
  const old = PKCS12_SCHEMES[scheme];
  if (!old) throw new SignError("sign.algorithm");
  const [salt, rounds] = inside(parameters, TAG.sequence);
  const secret = wide(password);
  const derive = (purpose: number, length: number): Bytes =>
    pkcs12Key(sha1, purpose, secret, octets(salt), limited(rounds), length);
  const key = derive(1, old.keyLength);
  const opened = decrypt(old.cipher, key, derive(2, 8), sealed);
  key.fill(0);
  secret.fill(0);
  return opened;
}

async function unlockModern(parameters: Element | undefined, sealed: Bytes, password: Bytes): Promise<Bytes> {
  const [derivation, encryption] = inside(parameters, TAG.sequence);
  const [name, vector] = inside(encryption, TAG.sequence);
  const length = AES[oid(name)];
  if (!length) throw new SignError("sign.algorithm");
  const key = await pbkdf2(derivation, password, length);
  const imported = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["decrypt"]);
  key.fill(0);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv: octets(vector) }, imported, sealed));
  } catch {
    throw new SignError("sign.wrong_password");
  }
}

async function pbkdf2(algorithm: Element | undefined, password: Bytes, length: number): Promise<Bytes> {
  const [name, parameters] = inside(algorithm, TAG.sequence);
  if (oid(name) !== PBKDF2) throw new SignError("sign.algorithm");
  const [salt, rounds, ...rest] = inside(parameters, TAG.sequence);
  const named = rest.find((one) => one.tag === TAG.sequence);
  const hash = HMACS[named ? oid(inside(named, TAG.sequence)[0]) : HMAC_SHA1]?.name;
  if (!hash) throw new SignError("sign.algorithm");
  const secret = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const derivation = { name: "PBKDF2", hash, salt: octets(salt), iterations: count(rounds) };
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, secret, length * 8));
}

/**
 * Whether a container's authentication code (MacData) is that of this password.
 * @throws SignError `sign.algorithm` for a code we do not know.
 */
export async function authentic(macData: Element, content: Bytes, password: Bytes): Promise<boolean> {
  const [info, salt, rounds] = inside(macData, TAG.sequence);
  const [algorithm, expected] = inside(info, TAG.sequence);
  const [name, parameters] = inside(algorithm, TAG.sequence);
  if (oid(name) === PBMAC1) {
    const [derivation, code] = inside(parameters, TAG.sequence);
    const hash = HMACS[oid(inside(code, TAG.sequence)[0])]?.hash;
    if (!hash) throw new SignError("sign.algorithm");
    const length = inside(inside(derivation, TAG.sequence)[1], TAG.sequence)[2];
    const key = await pbkdf2(derivation, password, Math.min(count(length), 64));
    return equal(hmac(hash, key, content), octets(expected));
  }
  const hash = HASHES[oid(name)];
  if (!hash) throw new SignError("sign.algorithm");
  const secret = wide(password);
  const key = pkcs12Key(hash, 3, secret, octets(salt), rounds ? limited(rounds) : 1, hash.outputLen);
  secret.fill(0);
  return equal(hmac(hash, key, content), octets(expected));
}

function limited(rounds: Element | undefined): number {
  const number = count(rounds);
  if (number > MOST_ROUNDS) throw new SignError("sign.algorithm");
  return number;
}

/** RFC 7292 B.2; `purpose` 1 key, 2 initial vector, 3 authentication. */
function pkcs12Key(hash: Hash, purpose: number, password: Bytes, salt: Bytes, rounds: number, length: number): Bytes {
  const block = hash.blockLen;
  const input = joined([filled(salt, block), filled(password, block)]);
  const made: Uint8Array[] = [];
  for (let have = 0; have < length; have += hash.outputLen) {
    let digest = hash(joined([new Uint8Array(block).fill(purpose), input]));
    for (let round = 1; round < rounds; round++) digest = hash(digest);
    made.push(digest);
    const step = Uint8Array.from({ length: block }, (_, at) => digest[at % digest.length] ?? 0);
    for (let start = 0; start < input.length; start += block) {
      let carry = 1;
      for (let at = block - 1; at >= 0; at--) {
        carry += (input[start + at] ?? 0) + (step[at] ?? 0);
        input[start + at] = carry & 0xff;
        carry >>= 8;
      }
    }
  }
  input.fill(0);
  return joined(made).slice(0, length);
}

/** Repeated up to the next whole number of blocks. */
function filled(source: Bytes, block: number): Bytes {
  return Uint8Array.from({ length: Math.ceil(source.length / block) * block }, (_, at) => source[at % source.length] ?? 0);
}

/** UTF-8 as the BMPString with its two closing zeros that RFC 7292 B.1 hashes; no text is made on the way. */
export function wide(utf8: Bytes): Bytes {
  const units: number[] = [];
  for (let at = 0; at < utf8.length; ) {
    const first = utf8[at++] ?? 0;
    const more = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let point = more ? first & (0x3f >> more) : first;
    for (let left = more; left > 0; left--) point = (point << 6) | ((utf8[at++] ?? 0) & 0x3f);
    if (point < 0x10000) units.push(point);
    else units.push(0xd800 | ((point - 0x10000) >> 10), 0xdc00 | ((point - 0x10000) & 0x3ff));
  }
  const made = Uint8Array.from([...units, 0].flatMap((unit) => [unit >> 8, unit & 0xff]));
  units.fill(0);
  return made;
}

function decrypt(cipher: Cipher, key: Bytes, vector: Bytes, sealed: Bytes): Bytes {
  const secret = letters(key);
  const opener = cipher === "3des" ? des.createDecryptionCipher(secret, "CBC") : rc2.createDecryptionCipher(secret, 40);
  opener.start(letters(vector));
  opener.update(util.createBuffer(letters(sealed)));
  if (!sealed.length || sealed.length % 8 || !opener.finish()) throw new SignError("sign.wrong_password");
  return Uint8Array.from(opener.output.getBytes(), (letter) => letter.charCodeAt(0));
}

/** The form that node-forge takes: one letter a byte. */
function letters(bytes: Bytes): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
