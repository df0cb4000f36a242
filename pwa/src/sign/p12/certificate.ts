/** Reading the holder's certificate (RFC 5280) in the profile of NUC RK. Nothing is trusted here: the server judges. */

import { bits, type Element, inside, moment, octets, oid, only, parse, parseFirst, TAG, text } from "./asn1";
import { type Bytes, toHex } from "./der";

export interface Subject {
  /** Surname, name and patronymic. */
  name: string;
  iin: string;
  bin: string | null;
  organisation: string | null;
  /** Of the certificate, hexadecimal. */
  serial: string;
}

export interface Certificate {
  /** The bytes from the container, never encoded anew: signatures name their digest. */
  der: Bytes;
  /** DER of the names and of the serial number, as they stand in the certificate. */
  issuer: Bytes;
  holder: Bytes;
  serialNumber: Bytes;
  /** SubjectPublicKeyInfo: the whole, its algorithm's OID, the curve's, and the key's bits. */
  key: { der: Bytes; algorithm: string; curve: string | null; bits: Bytes };
  subject: Subject;
  notBefore: Date;
  notAfter: Date;
  /** Digital signature with non-repudiation, and no authority's: the key may sign documents. */
  canSign: boolean;
  /** Role OIDs of NUC RK among the extended key usages. */
  roles: string[];
  /** The issuer names itself a test or development authority. */
  test: boolean;
}

const COMMON_NAME = "2.5.4.3";
const SERIAL_NUMBER = "2.5.4.5";
const ORGANISATION = "2.5.4.10";
const UNIT = "2.5.4.11";
/** NUC RK keeps the patronymic in the given-name field. */
const PATRONYMIC = "2.5.4.42";
const KEY_USAGE = "2.5.29.15";
const EXTENDED_USAGE = "2.5.29.37";
const KAZAKH_ARC = "1.2.398.";

const DIGITAL_SIGNATURE = 0x80;
const NON_REPUDIATION = 0x40;
const CERT_SIGN = 0x04;

/** @throws NotAsn1 */
export function readCertificate(der: Bytes): Certificate {
  const [body] = inside(parse(der), TAG.sequence);
  const fields = inside(body, TAG.sequence);
  // Version [0] is left out by version 1 alone.
  const [serial, , issuer, validity, holder, key, ...rest] = fields[0]?.tag === 0x80 ? fields.slice(1) : fields;
  const [from, until] = inside(validity, TAG.sequence);
  const names = namesOf(holder);
  const extensions = extensionsOf(rest);
  const usage = extensions.has(KEY_USAGE) ? (bits(extensions.get(KEY_USAGE))[0] ?? 0) : 0;
  const extended = extensions.has(EXTENDED_USAGE) ? inside(extensions.get(EXTENDED_USAGE), TAG.sequence).map(oid) : [];
  return {
    der,
    issuer: rawOf(issuer),
    holder: rawOf(holder),
    serialNumber: rawOf(serial),
    key: keyOf(key),
    subject: {
      name: [names.get(COMMON_NAME)?.[0], names.get(PATRONYMIC)?.[0]].filter(Boolean).join(" "),
      iin: numberIn(names.get(SERIAL_NUMBER), "IIN") ?? "",
      bin: numberIn(names.get(UNIT), "BIN"),
      organisation: names.get(ORGANISATION)?.[0] ?? null,
      serial: toHex(serial?.content ?? new Uint8Array()),
    },
    notBefore: moment(from),
    notAfter: moment(until),
    canSign: (usage & (DIGITAL_SIGNATURE | NON_REPUDIATION | CERT_SIGN)) === (DIGITAL_SIGNATURE | NON_REPUDIATION),
    roles: extended.filter((one) => one.startsWith(KAZAKH_ARC)),
    test: (namesOf(issuer).get(COMMON_NAME) ?? []).some((name) => /\b(TEST|DEV)\b/i.test(name)),
  };
}

function rawOf(element: Element | undefined): Bytes {
  return element?.raw ?? new Uint8Array();
}

function namesOf(name: Element | undefined): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const attribute of inside(name, TAG.sequence).flatMap((relative) => inside(relative, TAG.set))) {
    const [kind, value] = inside(attribute, TAG.sequence);
    if (value) found.set(oid(kind), [...(found.get(oid(kind)) ?? []), text(value).trim()]);
  }
  return found;
}

function numberIn(values: string[] | undefined, prefix: string): string | null {
  return values?.[0]?.match(new RegExp(`^${prefix}(\\d{12})$`))?.[1] ?? null;
}

function keyOf(key: Element | undefined): Certificate["key"] {
  const [algorithm, value] = inside(key, TAG.sequence);
  const [name, parameters] = inside(algorithm, TAG.sequence);
  // EC names its curve, the national scheme a pair of curve and digest.
  const curve = parameters?.tag === TAG.sequence ? inside(parameters, TAG.sequence)[0] : parameters;
  return {
    der: rawOf(key),
    algorithm: oid(name),
    curve: curve?.tag === TAG.oid ? oid(curve) : null,
    bits: bits(value),
  };
}

function extensionsOf(fields: Element[]): Map<string, Element> {
  const found = new Map<string, Element>();
  const listed = fields.find((field) => field.tag === (0x80 | 3));
  for (const extension of listed ? inside(only(listed, 3), TAG.sequence) : []) {
    const parts = inside(extension, TAG.sequence);
    const name = oid(parts[0]);
    if (name === KEY_USAGE || name === EXTENDED_USAGE) found.set(name, parseFirst(octets(parts.at(-1))));
  }
  return found;
}
