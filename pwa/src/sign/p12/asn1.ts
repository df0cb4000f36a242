/** Reading BER (X.690), of which DER is the strict form: containers come with indefinite lengths and strings in parts. */

import { type Bytes, joined, toHex } from "./der";

/** Deeper than any container or certificate, and shallow enough for the stack. */
const DEEPEST = 48;

/** The bytes are not what the reader was told to expect. */
export class NotAsn1 extends Error {
  override name = "NotAsn1";
}

/** Tags without the "constructed" bit. */
export const TAG = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, sequence: 16, set: 17, utcTime: 23, time: 24 } as const;

export interface Element {
  /** Class and number, without the constructed bit: 16 for SEQUENCE, 0x80 + n for [n]. */
  tag: number;
  /** The element as it stands in the file, with tag and length. */
  raw: Bytes;
  /** What lies inside, of a primitive element alone. */
  content: Bytes;
  /** The elements inside a constructed one; null for a primitive. */
  children: Element[] | null;
}

/** One element that fills the bytes exactly. @throws NotAsn1 */
export function parse(bytes: Bytes): Element {
  const { found, end } = read(bytes, 0, bytes.length, 0);
  if (end !== bytes.length) throw new NotAsn1("bytes after the end");
  return found;
}

/** As {@link parse}, where padding may follow the element. */
export function parseFirst(bytes: Bytes): Element {
  return read(bytes, 0, bytes.length, 0).found;
}

function read(bytes: Bytes, start: number, limit: number, depth: number): { found: Element; end: number } {
  const first = byteAt(bytes, start, limit);
  if (depth > DEEPEST || (first & 0x1f) === 0x1f) throw new NotAsn1("too deep, or a tag that nobody uses");
  const constructed = (first & 0x20) !== 0;
  const tag = first & 0xdf;
  const { length, from } = readLength(bytes, start + 1, limit);
  if (length === null && !constructed) throw new NotAsn1("a primitive of indefinite length");
  const until = length === null ? limit : from + length;
  if (until > limit) throw new NotAsn1("longer than the file");
  if (!constructed) return { found: { tag, raw: bytes.slice(start, until), content: bytes.slice(from, until), children: null }, end: until };
  const children: Element[] = [];
  let at = from;
  while (length === null ? !ends(bytes, at, limit) : at < until) {
    const { found, end } = read(bytes, at, until, depth + 1);
    children.push(found);
    at = end;
  }
  const end = length === null ? at + 2 : until;
  // Whole files are kept by their innermost parts alone; copies of copies would be many.
  return { found: { tag, raw: bytes.subarray(start, end), content: EMPTY, children }, end };
}

const EMPTY = new Uint8Array();

function readLength(bytes: Bytes, at: number, limit: number): { length: number | null; from: number } {
  const first = byteAt(bytes, at, limit);
  if (first < 0x80) return { length: first, from: at + 1 };
  if (first === 0x80) return { length: null, from: at + 1 };
  const count = first & 0x7f;
  if (count > 4) throw new NotAsn1("a length of more than four bytes");
  let length = 0;
  for (let digit = 1; digit <= count; digit++) length = length * 256 + byteAt(bytes, at + digit, limit);
  return { length, from: at + 1 + count };
}

function ends(bytes: Bytes, at: number, limit: number): boolean {
  return byteAt(bytes, at, limit) === 0 && byteAt(bytes, at + 1, limit) === 0;
}

function byteAt(bytes: Bytes, at: number, limit: number): number {
  const byte = at < limit ? bytes[at] : undefined;
  if (byte === undefined) throw new NotAsn1("ends too early");
  return byte;
}

/** The elements inside, after a look at the tag. @throws NotAsn1 */
export function inside(element: Element | undefined, tag: number): Element[] {
  if (element?.tag !== tag || !element.children) throw new NotAsn1(`tag ${tag} expected`);
  return element.children;
}

/** The one element inside an explicit [number]. @throws NotAsn1 */
export function only(element: Element | undefined, number: number): Element {
  const [child, ...more] = inside(element, 0x80 | number);
  if (!child || more.length) throw new NotAsn1(`one element in [${number}] expected`);
  return child;
}

function primitive(element: Element | undefined, tag: number): Bytes {
  if (element?.tag !== tag || element.children) throw new NotAsn1(`tag ${tag} expected`);
  return element.content;
}

/** An OCTET STRING's bytes, whole or in parts; `tag` where it is tagged implicitly. @throws NotAsn1 */
export function octets(element: Element | undefined, tag: number = TAG.octets): Bytes {
  if (element?.tag !== tag) throw new NotAsn1("octets expected");
  return element.children ? joined(element.children.map((part) => octets(part))) : element.content;
}

/** A BIT STRING's bytes; bits past the end are zero. @throws NotAsn1 */
export function bits(element: Element | undefined): Bytes {
  return primitive(element, TAG.bits).slice(1);
}

/** A number that is not negative. @throws NotAsn1 */
export function integer(element: Element | undefined): bigint {
  const content = primitive(element, TAG.integer);
  if (!content.length || (content[0] ?? 0) & 0x80) throw new NotAsn1("a number below zero");
  return BigInt(`0x${toHex(content)}`);
}

/** A number up to ten million: counts and lengths. @throws NotAsn1 */
export function count(element: Element | undefined): number {
  const value = integer(element);
  if (value > 10_000_000n) throw new NotAsn1("a count beyond reason");
  return Number(value);
}

/** In dotted form. @throws NotAsn1 */
export function oid(element: Element | undefined): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of primitive(element, TAG.oid)) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join(".");
}

const LATIN = new TextDecoder("latin1");
const TEXTS: Record<number, TextDecoder> = { [TAG.utf8]: new TextDecoder(), 30: new TextDecoder("utf-16be") };

/** A text of any of the string types. */
export function text(element: Element): string {
  return (TEXTS[element.tag] ?? LATIN).decode(element.content);
}

/** UTCTime or GeneralizedTime, in UTC. @throws NotAsn1 */
export function moment(element: Element | undefined): Date {
  const written = LATIN.decode(element?.content);
  const found = /^(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(written);
  if (!found || !element || (element.tag === TAG.time) !== Boolean(found[1])) throw new NotAsn1("a time expected");
  const [, century, short, ...rest] = found;
  // RFC 5280 §4.1.2.5.1: two digits mean 1950 to 2049.
  const year = `${century ?? (Number(short) < 50 ? "20" : "19")}${short}`;
  const [month, day, hours, minutes, seconds] = rest;
  const made = new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(made.getTime())) throw new NotAsn1("no such time");
  return made;
}
