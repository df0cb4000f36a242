/** Taking a PKCS#12 container (RFC 7292) apart: private keys as PKCS#8 and certificates, exactly as they were put in. */

import { type Element, inside, octets, oid, only, parse, parseFirst, TAG } from "./asn1";
import { authentic, unlock } from "./ciphers";
import { type Bytes, toHex } from "./der";
import { SignError } from "./errors";

export interface Kept {
  /** PKCS#8 PrivateKeyInfo, or the DER of an X.509 certificate. */
  bytes: Bytes;
  /** What ties a key to its certificate (localKeyId), hexadecimal; null where the maker left it out. */
  tie: string | null;
}

export interface Contents {
  keys: Kept[];
  certificates: Kept[];
}

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const BAGS = { key: "1", shrouded: "2", certificate: "3", nested: "6" } as const;
const BAG = "1.2.840.113549.1.12.10.1.";
const X509 = "1.2.840.113549.1.9.22.1";
const LOCAL_KEY_ID = "1.2.840.113549.1.9.21";

/** People's containers hold one or two of each; beyond these it is something else. */
const MOST = 64;

/**
 * @param password UTF-8.
 * @throws SignError `sign.wrong_password`, `sign.algorithm`; NotAsn1 and the like when it is no container.
 */
export async function open(file: Bytes, password: Bytes): Promise<Contents> {
  const [, safe, macData] = inside(parse(file), TAG.sequence);
  const content = dataOf(safe);
  if (macData && !(await authentic(macData, content, password))) throw new SignError("sign.wrong_password");
  const found: Contents = { keys: [], certificates: [] };
  for (const part of inside(parse(content), TAG.sequence)) {
    await gather(await opened(part, password), password, found);
  }
  return found;
}

/** The octets of a ContentInfo of type data. */
function dataOf(info: Element | undefined): Bytes {
  const [kind, content] = inside(info, TAG.sequence);
  if (oid(kind) !== DATA) throw new SignError("sign.not_a_container");
  return octets(only(content, 0));
}

/** The list of bags in one part of the container. */
async function opened(part: Element, password: Bytes): Promise<Element> {
  const [kind, content] = inside(part, TAG.sequence);
  if (oid(kind) !== ENCRYPTED_DATA) return parseFirst(dataOf(part));
  const [, sealed] = inside(only(content, 0), TAG.sequence);
  const [, algorithm, bytes] = inside(sealed, TAG.sequence);
  return unlocked(algorithm, octets(bytes, 0x80), password);
}

/** One wrong password in 256 opens to nonsense, which only shows when it is read. */
async function unlocked(algorithm: Element | undefined, sealed: Bytes, password: Bytes): Promise<Element> {
  const bytes = await unlock(algorithm, sealed, password);
  try {
    const element = parseFirst(bytes);
    inside(element, TAG.sequence);
    return element;
  } catch {
    throw new SignError("sign.wrong_password");
  }
}

async function gather(bags: Element, password: Bytes, found: Contents): Promise<void> {
  for (const bag of inside(bags, TAG.sequence)) {
    const [kind, value, attributes] = inside(bag, TAG.sequence);
    const inner = only(value, 0);
    const tie = tieOf(attributes);
    const name = oid(kind);
    if (found.keys.length + found.certificates.length >= MOST) throw new SignError("sign.not_a_container");
    if (name === BAG + BAGS.key) found.keys.push({ bytes: inner.raw, tie });
    if (name === BAG + BAGS.shrouded) {
      const [algorithm, sealed] = inside(inner, TAG.sequence);
      const key = await unlocked(algorithm, octets(sealed), password);
      found.keys.push({ bytes: key.raw, tie });
    }
    if (name === BAG + BAGS.certificate) {
      const [form, certificate] = inside(inner, TAG.sequence);
      if (oid(form) === X509) found.certificates.push({ bytes: octets(only(certificate, 0)), tie });
    }
    if (name === BAG + BAGS.nested) await gather(inner, password, found);
  }
}

function tieOf(attributes: Element | undefined): string | null {
  for (const attribute of attributes ? inside(attributes, TAG.set) : []) {
    const [kind, values] = inside(attribute, TAG.sequence);
    const [value] = inside(values, TAG.set);
    if (oid(kind) === LOCAL_KEY_ID && value) return toHex(octets(value));
  }
  return null;
}
