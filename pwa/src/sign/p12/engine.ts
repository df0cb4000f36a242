/** What happens inside the worker: a container becomes keys with their certificates, and a document a signature. */

import { type Certificate, readCertificate } from "./certificate";
import { signDetached } from "./cms";
import { type Contents, type Kept, open } from "./container";
import { type Bytes, equal } from "./der";
import { SignError } from "./errors";
import { algorithmOf, keyFor, type SigningKey } from "./keys";

/** The holder's clock may be behind the authority's. */
const SKEW = 5 * 60_000;

/** A private key with the certificate that was proved to be its own, and the authorities above it. */
export interface Pair {
  key: SigningKey;
  certificate: Certificate;
  chain: Bytes[];
}

interface Listed {
  certificate: Certificate;
  tie: string | null;
}

/**
 * @param password UTF-8; it and the private keys are wiped before this answers.
 * @param now for the term of validity.
 * @returns usable keys, those that may sign documents first; at least one.
 * @throws SignError
 */
export async function openKeys(file: Bytes, password: Bytes, now: Date): Promise<Pair[]> {
  if (!globalThis.crypto?.subtle) throw new SignError("sign.unavailable");
  const contents = await take(file, password);
  try {
    const pairs = await pairsOf(contents);
    return usable(pairs, now);
  } catch (error) {
    throw error instanceof SignError ? error : new SignError("sign.not_a_container");
  } finally {
    for (const key of contents.keys) key.bytes.fill(0);
  }
}

async function take(file: Bytes, password: Bytes): Promise<Contents> {
  try {
    return await open(file, password);
  } catch (error) {
    throw error instanceof SignError ? error : new SignError("sign.not_a_container");
  } finally {
    password.fill(0);
  }
}

async function pairsOf({ keys, certificates }: Contents): Promise<Pair[]> {
  if (!keys.length || !certificates.length) throw new SignError("sign.no_key");
  const listed = certificates.flatMap(readable);
  const pairs: Pair[] = [];
  let refusal = new SignError("sign.key_mismatch");
  for (const key of keys) {
    for (const { certificate } of candidates(key, listed)) {
      try {
        const found = await keyFor(key.bytes, certificate);
        if (found) pairs.push({ key: found, certificate, chain: chainOf(certificate, listed) });
      } catch (error) {
        if (!(error instanceof SignError)) throw error;
        refusal = error;
      }
    }
  }
  if (!pairs.length) throw refusal;
  return pairs;
}

/** An odd certificate beside the holder's must not spoil the file. */
function readable({ bytes, tie }: Kept): Listed[] {
  try {
    return [{ certificate: readCertificate(bytes), tie }];
  } catch {
    return [];
  }
}

/** Certificates of the key's own scheme; the one that the container ties to the key first. */
function candidates(key: Kept, listed: readonly Listed[]): Listed[] {
  const algorithm = algorithmOf(key.bytes);
  const fitting = listed.filter(({ certificate }) => certificate.key.algorithm === algorithm);
  return fitting.sort((a, b) => Number(b.tie === key.tie) - Number(a.tie === key.tie));
}

/** From the holder's issuer upwards, without the root: nobody trusts a root because a message brings it. */
function chainOf(holder: Certificate, listed: readonly Listed[]): Bytes[] {
  const chain: Bytes[] = [];
  for (let below = holder; chain.length < listed.length; ) {
    const above = listed.find(({ certificate }) => equal(certificate.holder, below.issuer))?.certificate;
    if (!above || equal(above.holder, above.issuer)) break;
    chain.push(above.der);
    below = above;
  }
  return chain;
}

function usable(pairs: readonly Pair[], now: Date): Pair[] {
  const time = now.getTime();
  const fit = pairs.filter(({ certificate: { notBefore, notAfter } }) => {
    return notBefore.getTime() - SKEW <= time && time <= notAfter.getTime();
  });
  if (fit.length) return fit.sort((a, b) => Number(b.certificate.canSign) - Number(a.certificate.canSign));
  const [first] = pairs;
  if (first && time > first.certificate.notAfter.getTime()) throw new SignError("sign.expired", { at: first.certificate.notAfter });
  throw new SignError("sign.not_yet_valid", first && { at: first.certificate.notBefore });
}

/** @returns DER of the detached CMS. */
export async function signWith({ key, certificate, chain }: Pair, document: Bytes, at: Date): Promise<Bytes> {
  return signDetached(document, certificate, chain, key, at);
}
