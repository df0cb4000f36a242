import forge from "node-forge";
import { beforeAll, expect, test } from "vitest";
import { type Element, inside, moment, NotAsn1, octets, oid, only, parse, TAG, text } from "./asn1";
import { type Bytes, element, fromHex, integer, joined, octetString, oid as writeOid, sequence, time, toHex } from "./der";
import { Desk } from "./desk";
import { certificate, container, der, keyPair, PASSWORD } from "./fake-container";
import type { FromWorker } from "./messages";

const NOW = new Date("2026-06-01T00:00:00Z");

let file: Bytes;
let leaf: Bytes;
let pkcs8: Bytes;

beforeAll(async () => {
  const mine = await keyPair(2048);
  const holder = certificate(mine);
  file = new Uint8Array(await container(mine.privateKey, [holder]).arrayBuffer());
  leaf = der(forge.pki.certificateToAsn1(holder));
  pkcs8 = der(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(mine.privateKey)));
});

function open(bytes: Uint8Array, desk = new Desk()): Promise<FromWorker> {
  const password = new TextEncoder().encode(PASSWORD);
  return desk.serve({ id: 1, kind: "open", file: new Uint8Array(bytes), password, now: NOW });
}

const END = Uint8Array.of(0, 0);

/** The same element with lengths left open and long strings in two parts, as the national authority writes. */
function loose(one: Element): Bytes {
  if (one.children) return joined([Uint8Array.of(one.tag | 0x20, 0x80), ...one.children.map(loose), END]);
  const isText = one.tag === TAG.octets || one.tag === 0x80;
  if (!isText || one.content.length < 40) return one.raw;
  const parts = [one.content.slice(0, 33), one.content.slice(33)].map(octetString);
  return joined([Uint8Array.of(one.tag | 0x20, 0x80), ...parts, END]);
}

const letters = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** The container with everything in it written loosely, and the authentication code made anew over that. */
function nationally(): Bytes {
  const [version, safe, macData] = inside(parse(file), TAG.sequence);
  const content = loose(parse(octets(only(inside(safe, TAG.sequence)[1], 0))));
  const [, salt, rounds] = inside(macData, TAG.sequence);
  const key = forge.pkcs12.generateKey(PASSWORD, forge.util.createBuffer(letters(octets(salt))), 3, 1024, 20);
  const hmac = forge.hmac.create();
  hmac.start("sha1", key);
  hmac.update(letters(content));
  const code = fromHex(hmac.digest().toHex());
  const info = sequence(sequence(writeOid("1.3.14.3.2.26"), element(0x05)), octetString(code));
  const mac = sequence(info, salt?.raw ?? END, rounds?.raw ?? END);
  return loose(parse(sequence(version?.raw ?? END, data(content), mac)));
}

test("indefinite lengths and strings in parts; the certificate stays the bytes that it was", async () => {
  const national = nationally();
  expect(national[1]).toBe(0x80);
  const desk = new Desk();
  expect(await open(national, desk)).toMatchObject({ done: [{ algorithm: "RSA", canSign: true }] });
  const answer = await desk.serve({ id: 2, kind: "sign", key: 0, document: Uint8Array.of(1), at: NOW });
  if (!("done" in answer)) throw new Error("not signed");
  expect(toHex(answer.done as Bytes)).toContain(toHex(leaf));
});

/** RFC 9579, as OpenSSL writes since 3.4: the code's key is derived as an encryption key would be. */
async function modernCode(password: string): Promise<Bytes> {
  const [version, safe] = inside(parse(file), TAG.sequence);
  const content = octets(only(inside(safe, TAG.sequence)[1], 0));
  const salt = fromHex("00112233445566778899aabbccddeeff");
  const hmac = sequence(writeOid("1.2.840.113549.2.9"), element(0x05));
  const derivation = sequence(
    writeOid("1.2.840.113549.1.5.12"),
    sequence(octetString(salt), integer(2048), integer(32), hmac),
  );
  const algorithm = sequence(writeOid("1.2.840.113549.1.5.14"), sequence(derivation, hmac));
  const key = forge.pkcs5.pbkdf2(password, letters(salt), 2048, 32, forge.md.sha256.create());
  const code = forge.hmac.create();
  code.start("sha256", key);
  code.update(letters(content));
  const info = sequence(algorithm, octetString(fromHex(code.digest().toHex())));
  return sequence(version?.raw ?? END, safe?.raw ?? END, sequence(info, octetString(END), integer(1)));
}

test("an authentication code of the newest kind", async () => {
  expect(await open(await modernCode(PASSWORD))).toMatchObject({ done: [{ canSign: true }] });
  expect(await open(await modernCode("tanba2026"))).toMatchObject({ failed: "sign.wrong_password" });
});

const DATA = writeOid("1.2.840.113549.1.7.1");
const bag = (kind: number, value: Uint8Array): Bytes =>
  sequence(writeOid(`1.2.840.113549.1.12.10.1.${kind}`), element(0xa0, value));
const data = (content: Uint8Array): Bytes => sequence(DATA, element(0xa0, octetString(content)));

/** Nothing locked and nothing authenticated: what lies in it is laid out here. */
function plain(...bags: Uint8Array[]): Bytes {
  return sequence(integer(3), data(sequence(data(sequence(...bags)))));
}

test("bags in bags, and a key that is not locked by itself", async () => {
  const key = bag(1, pkcs8);
  const holder = bag(3, sequence(writeOid("1.2.840.113549.1.9.22.1"), element(0xa0, octetString(leaf))));
  expect(await open(plain(bag(6, sequence(key, bag(6, sequence(holder))))))).toMatchObject({ done: [{ canSign: true }] });
  expect(await open(plain(key, ...Array<Bytes>(70).fill(holder)))).toMatchObject({ failed: "sign.not_a_container" });
  expect(await open(plain(key))).toMatchObject({ failed: "sign.no_key" });
  expect(await open(plain(key, bag(3, sequence(writeOid("1.2.3"), element(0xa0, octetString(leaf))))))).toMatchObject({
    failed: "sign.no_key",
  });
});

test("whatever is changed in a file, the answer is one of those with words", async () => {
  const wordy = /^sign\.(wrong_password|not_a_container|no_key|algorithm|key_mismatch)$/;
  // A small generator of our own: the same changes in every run.
  let state = 20_260_601;
  const next = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 150; round++) {
    const changed = file.slice();
    // Most of a container is sealed and only says "wrong password"; its frame is at both ends.
    const at = round % 3 ? next(80) : file.length - 1 - next(80);
    changed[at] = (changed[at] ?? 0) ^ (1 + next(255));
    const answer = await open(changed);
    // A change in an optional count or name may leave the file readable.
    if ("failed" in answer) expect(answer.failed, `byte ${at} became ${changed[at]}`).toMatch(wordy);
  }
});

test("more than a million rounds are not computed", async () => {
  const [version, safe, macData] = inside(parse(file), TAG.sequence);
  const [info, salt] = inside(macData, TAG.sequence);
  const raw = (one: Element | undefined): Bytes => one?.raw ?? END;
  const heavy = (rounds: number): Bytes =>
    sequence(raw(version), raw(safe), sequence(raw(info), raw(salt), integer(rounds)));
  // Computed, they would end as a wrong password.
  expect(await open(heavy(1_000_001))).toMatchObject({ failed: "sign.algorithm" });
  expect(await open(heavy(2 ** 40))).toMatchObject({ failed: "sign.not_a_container" });
});

test.each([
  ["", "ends too early"],
  ["3080020101", "no end"],
  ["0480010203", "a primitive without length"],
  ["3003020101ff", "more after the end"],
  ["30850000000001", "a length of five bytes"],
  ["1f8101", "a tag of many bytes"],
  ["3080".repeat(60) + "0000".repeat(60), "sixty deep"],
])("%s is not ASN.1: %s", (digits) => {
  expect(() => parse(fromHex(digits))).toThrow(NotAsn1);
});

test("values are read as they are written", () => {
  const of = (digits: string): Element => parse(fromHex(digits));
  expect(oid(of("06082a830e0303040102"))).toBe("1.2.398.3.3.4.1.2");
  expect(oid(parse(writeOid("2.16.840.1.101.3.4.2.1")))).toBe("2.16.840.1.101.3.4.2.1");
  expect(moment(of("170d3439313233313233353935395a"))).toEqual(new Date("2049-12-31T23:59:59Z"));
  expect(moment(of("170d3530303130313030303030305a"))).toEqual(new Date("1950-01-01T00:00:00Z"));
  const later = new Date("2050-01-01T00:00:00Z");
  expect(moment(parse(time(later)))).toEqual(later);
  expect(() => moment(of("180d3530303130313030303030305a"))).toThrow(NotAsn1);
  expect(text(of("1e0404d804d9"))).toBe("Әә");
  expect(text(of("0c04d398d399"))).toBe("Әә");
  expect(toHex(integer(0))).toBe("020100");
  expect(toHex(integer(128))).toBe("02020080");
  expect(toHex(element(0x04, new Uint8Array(200))).slice(0, 6)).toBe("0481c8");
  expect(toHex(element(0x04, new Uint8Array(300))).slice(0, 8)).toBe("0482012c");
});
