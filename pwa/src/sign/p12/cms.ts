/** Detached CMS SignedData (RFC 5652) with the attributes of CAdES-BES (ETSI EN 319 122-1), one signer. */

import type { Certificate } from "./certificate";
import { type Bytes, integer, octetString, oid, sequence, setOf, tagged, time } from "./der";
import { SCHEMES, type SigningKey } from "./keys";

const DATA = oid("1.2.840.113549.1.7.1");
const SIGNED_DATA = oid("1.2.840.113549.1.7.2");
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

const attribute = (name: string, value: Bytes): Bytes => sequence(oid(name), setOf(value));

/**
 * @param chain DER of the authorities' certificates to send along, the holder's own not among them.
 * @param at the signer's word about the time; the server allows five minutes of error.
 * @returns DER of ContentInfo, without the document.
 */
export async function signDetached(
  document: Bytes,
  certificate: Certificate,
  chain: readonly Bytes[],
  key: SigningKey,
  at: Date,
): Promise<Bytes> {
  const { digest, digestAlgorithm, signatureAlgorithm } = SCHEMES[key.algorithm];
  const attributes = setOf(
    attribute(CONTENT_TYPE, DATA),
    attribute(SIGNING_TIME, time(at)),
    attribute(MESSAGE_DIGEST, octetString(await digest(document))),
    attribute(SIGNING_CERTIFICATE_V2, await naming(certificate)),
  );
  const signature = await key.sign(attributes);
  const signer = sequence(
    integer(1),
    sequence(certificate.issuer, certificate.serialNumber),
    digestAlgorithm,
    implicit(attributes),
    signatureAlgorithm,
    octetString(signature),
  );
  // The holder's certificate comes first, for readers that look no further.
  const certificates = tagged(0, certificate.der, ...chain);
  const signed = sequence(integer(1), setOf(digestAlgorithm), sequence(DATA), certificates, setOf(signer));
  return sequence(SIGNED_DATA, tagged(0, signed));
}

/** Signed as a SET, sent as [0] (RFC 5652 §5.4): the tag is all that differs. */
function implicit(attributes: Bytes): Bytes {
  const sent = attributes.slice();
  sent[0] = tagged(0)[0] ?? 0;
  return sent;
}

/** The certificate by its SHA-256, the default of ESSCertIDv2 (RFC 5035), whatever the scheme's own digest is. */
async function naming(certificate: Certificate): Promise<Bytes> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", certificate.der));
  return sequence(sequence(sequence(octetString(digest))));
}
