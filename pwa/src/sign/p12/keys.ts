/** Private keys by scheme: which certificate one belongs to, and signing with it. */

import { type Element, inside, integer, octets, oid, parse, parseFirst, TAG } from "./asn1";
import type { Certificate } from "./certificate";
import * as der from "./der";
import { type Bytes, equal, nothing, octetString, sequence, toHex } from "./der";
import { SignError } from "./errors";
import * as gost from "./gost";
import { streebog512 } from "./streebog";

export type Algorithm = "RSA" | "EC" | "GOST2015";

/** A key that was proved to belong to a certificate. */
export interface SigningKey {
  algorithm: Algorithm;
  /** The signature as CMS carries it. */
  sign(message: Bytes): Promise<Bytes>;
}

/** What a scheme's messages name, and its digest. */
export interface Scheme {
  digestAlgorithm: Bytes;
  signatureAlgorithm: Bytes;
  digest(message: Bytes): Promise<Bytes>;
}

const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";
const P256 = "1.2.840.10045.3.1.7";
const GOST2015 = "1.2.398.3.10.1.1.2.2";
const GOST2015_CURVE = "1.2.398.3.10.1.1.2.2.1";

const SMALLEST_RSA_BITS = 2048;
const P256_BYTES = 32;

const sha256 = async (message: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", message));
const named = (name: string, ...parameters: Bytes[]): Bytes => sequence(der.oid(name), ...parameters);

// RFC 5758 §3.2: ECDSA stands without parameters; the others with NULL, as NUC RK writes them.
export const SCHEMES: Record<Algorithm, Scheme> = {
  RSA: {
    digestAlgorithm: named("2.16.840.1.101.3.4.2.1", nothing),
    signatureAlgorithm: named("1.2.840.113549.1.1.11", nothing),
    digest: sha256,
  },
  EC: {
    digestAlgorithm: named("2.16.840.1.101.3.4.2.1", nothing),
    signatureAlgorithm: named("1.2.840.10045.4.3.2"),
    digest: sha256,
  },
  GOST2015: {
    digestAlgorithm: named("1.2.398.3.10.1.3.3", nothing),
    signatureAlgorithm: named("1.2.398.3.10.1.1.2.3.2", nothing),
    digest: async (message) => streebog512(message),
  },
};

/** The OID of a PKCS#8 key's algorithm. @throws NotAsn1 */
export function algorithmOf(pkcs8: Bytes): string {
  return oid(inside(inside(parse(pkcs8), TAG.sequence)[1], TAG.sequence)[0]);
}

/**
 * @returns the key, ready to sign; null when it is not the one of this certificate. The bytes are wiped by the caller.
 * @throws SignError `sign.algorithm` for a scheme that the platform does not take, NotAsn1
 */
export async function keyFor(pkcs8: Bytes, certificate: Certificate): Promise<SigningKey | null> {
  const content = octets(inside(parse(pkcs8), TAG.sequence)[2]);
  const algorithm = algorithmOf(pkcs8);
  if (algorithm === RSA) return rsaKey(parseFirst(content), certificate);
  if (algorithm === EC) return ecKey(parseFirst(content), certificate);
  if (algorithm === GOST2015) return gostKey(content, certificate);
  throw new SignError("sign.algorithm");
}

async function rsaKey(key: Element, certificate: Certificate): Promise<SigningKey | null> {
  const numbers = inside(key, TAG.sequence).slice(0, 9).map(integer);
  if ((numbers[1]?.toString(2).length ?? 0) < SMALLEST_RSA_BITS) throw new SignError("sign.algorithm");
  // Encoded anew: browsers read strict DER, containers hold what their makers liked.
  const strict = sequence(der.integer(0), named(RSA, nothing), octetString(sequence(...numbers.map(der.integer))));
  return proved("RSA", strict, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, certificate);
}

async function ecKey(key: Element, certificate: Certificate): Promise<SigningKey | null> {
  if (certificate.key.curve !== P256) throw new SignError("sign.algorithm");
  const written = octets(inside(key, TAG.sequence)[1]);
  // Some makers drop leading zeros, which RFC 5915 wants kept.
  const scalar = der.joined([new Uint8Array(Math.max(0, P256_BYTES - written.length)), written]);
  // Not every browser takes a key without its public point; the certificate has it, and a wrong one is found out below.
  const point = der.tagged(1, der.bitString(certificate.key.bits));
  const inner = sequence(der.integer(1), octetString(scalar), point);
  const strict = sequence(der.integer(0), named(EC, der.oid(P256)), octetString(inner));
  return proved("EC", strict, { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }, certificate);
}

type Parameters = RsaHashedImportParams | (EcKeyImportParams & EcdsaParams);

/** Signs a trial message with the key and verifies it with the certificate: only then they are a pair. */
async function proved(
  algorithm: Algorithm,
  pkcs8: Bytes,
  parameters: Parameters,
  certificate: Certificate,
): Promise<SigningKey | null> {
  const { subtle } = crypto;
  try {
    const secret = await subtle.importKey("pkcs8", pkcs8, parameters, false, ["sign"]);
    const open = await subtle.importKey("spki", certificate.key.der, parameters, false, ["verify"]);
    const trial = crypto.getRandomValues(new Uint8Array(32));
    const signature = await subtle.sign(parameters, secret, trial);
    if (!(await subtle.verify(parameters, open, signature, trial))) return null;
    const sign = async (message: Bytes): Promise<Bytes> => new Uint8Array(await subtle.sign(parameters, secret, message));
    return { algorithm, sign: algorithm === "EC" ? async (message) => ecdsaDer(await sign(message)) : sign };
  } catch {
    return null;
  } finally {
    pkcs8.fill(0);
  }
}

/** WebCrypto gives r and s side by side, CMS wants a SEQUENCE of two numbers (RFC 3279 §2.2.3). */
function ecdsaDer(plain: Bytes): Bytes {
  const half = plain.length / 2;
  const numbers = [plain.slice(0, half), plain.slice(half)].map((part) => BigInt(`0x${toHex(part)}`));
  return sequence(...numbers.map(der.integer));
}

async function gostKey(content: Bytes, certificate: Certificate): Promise<SigningKey | null> {
  if ((certificate.key.curve ?? GOST2015_CURVE) !== GOST2015_CURVE) throw new SignError("sign.algorithm");
  // An OCTET STRING inside PKCS#8's own; some makers leave the inner one out.
  const scalar = gost.readScalar(content.length > 64 ? octets(parse(content)) : content);
  if (scalar === null || !equal(gost.publicKey(scalar), octets(parse(certificate.key.bits)))) return null;
  return { algorithm: "GOST2015", sign: async (message) => gost.sign(scalar, message) };
}
