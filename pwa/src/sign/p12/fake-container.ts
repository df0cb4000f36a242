/** Containers for tests, made anew in each run with the whole of node-forge; RSA alone, which is all that it can. */

import forge from "node-forge";
import { type Bytes, toHex } from "./der";

export const PASSWORD = "Tanba2026";

const { pki, asn1, pkcs12 } = forge;

export interface Wish {
  name?: string;
  usage?: object;
  from?: string;
  until?: string;
  issuer?: string;
}

export type KeyPair = forge.pki.rsa.KeyPair;
export function keyPair(length: number): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    pki.rsa.generateKeyPair({ bits: length }, (error, pair) => (error ? reject(error) : resolve(pair)));
  });
}

export function der(element: forge.asn1.Asn1): Bytes {
  return Uint8Array.from(asn1.toDer(element).getBytes(), (letter) => letter.charCodeAt(0));
}

const utf8 = (value: string): object => ({ value, valueTagClass: asn1.Type.UTF8 });

export function certificate(pair: KeyPair, wish: Wish = {}): forge.pki.Certificate {
  const made = pki.createCertificate();
  made.publicKey = pair.publicKey;
  made.serialNumber = "5a" + toHex(crypto.getRandomValues(new Uint8Array(8)));
  made.validity.notBefore = new Date(wish.from ?? "2026-01-01T00:00:00Z");
  made.validity.notAfter = new Date(wish.until ?? "2026-12-31T00:00:00Z");
  made.setSubject([
    { name: "commonName", ...utf8(wish.name ?? "СЕРІКБАЕВ НҰРСҰЛТАН") },
    { type: "2.5.4.42", ...utf8("ӘБІШҰЛЫ") },
    { type: "2.5.4.5", value: "IIN900101300007" },
    { name: "organizationName", ...utf8("«Тест» ЖШС") },
    { name: "organizationalUnitName", ...utf8("BIN200140000004") },
  ] as forge.pki.CertificateField[]);
  made.setIssuer([{ name: "commonName", ...utf8(wish.issuer ?? "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)") }] as forge.pki.CertificateField[]);
  made.setExtensions([
    { name: "keyUsage", critical: true, ...(wish.usage ?? { digitalSignature: true, nonRepudiation: true }) },
    { name: "extKeyUsage", emailProtection: true, "1.2.398.3.3.4.1.2": true, "1.2.398.3.3.4.1.2.1": true },
  ]);
  made.sign(pair.privateKey, forge.md.sha256.create());
  return made;
}

/** Without a key: certificates alone. */
export function container(
  key: forge.pki.rsa.PrivateKey | null,
  chain: forge.pki.Certificate[],
  options: Parameters<typeof pkcs12.toPkcs12Asn1>[3] = { algorithm: "3des" },
  password = PASSWORD,
): Blob {
  const made = pkcs12.toPkcs12Asn1(key as forge.pki.rsa.PrivateKey, chain, password, { count: 1024, ...options });
  return new Blob([der(made)]);
}
