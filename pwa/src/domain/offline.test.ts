import { readFileSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { build, read } from "./gs1";
import { judgeOffline } from "./offline";
import { canonical, fromBase64, type TrustList, verifiedTrustList, verifyEd25519 } from "./trust-list";
import { keyOf, parseWithdrawn } from "./withdrawn";

const NOW = new Date("2026-05-01T00:00:00Z");
const GTIN = "04870031001118";
const lists = JSON.parse(readFileSync(new URL("../../../tests/vectors/withdrawn.json", import.meta.url), "utf8")) as {
  vectors: { name: string; issued: number; withdrawn: number; body: string }[];
};

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const base64 = (data: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(data)));
const hex = async (data: Uint8Array<ArrayBuffer>): Promise<string> =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", data))].map((b) => b.toString(16).padStart(2, "0")).join("");

interface Signer { sign: (text: string) => Promise<string>; publicKey: string }

async function signer(): Promise<Signer> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]) as CryptoKeyPair;
  return {
    sign: async (text) => base64(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes(text))),
    publicKey: base64(await crypto.subtle.exportKey("raw", pair.publicKey)),
  };
}

let ours: Signer;
let root: Signer;
let trust: TrustList;
const body = fromBase64(lists.vectors.find((one) => one.name === "5 of 500")?.body ?? "") ?? new Uint8Array();
const cached = async (sha256: string): Promise<Uint8Array<ArrayBuffer> | null> =>
  sha256 === await hex(body) ? body : null;

const serialOf = (number: number): string => String(number).padStart(13, "0");

async function code(serial: string, keyId = "T4a1"): Promise<string> {
  return build(GTIN, serial, keyId, await ours.sign(`tanba/1|${keyId}|01${GTIN}21${serial}`));
}

beforeAll(async () => {
  ours = await signer();
  root = await signer();
  const content = {
    keys: ["T4a1", "Tnew"].map((id) => ({
      id, group: "footwear", alg: "Ed25519", public_key: ours.publicKey,
      not_before: "2026-04-01T00:00:00Z", not_after: "2026-05-01T00:00:00Z",
    })),
    withdrawn: [{ key_id: "T4a1", url: "/w", as_of: "2026-04-30T12:00:00Z", sha256: await hex(body) }],
    issued_at: "2026-04-30T00:00:00Z", expires_at: "2026-05-07T00:00:00Z",
  };
  trust = { ...content, signature: await root.sign(`tanba/trust-list/1|${canonical(content)}`) };
});

afterEach(() => { vi.restoreAllMocks(); });

const judged = async (text: string, list: TrustList | null = trust, now = NOW): Promise<unknown> =>
  judgeOffline(read(text), list, cached, now);

describe("judgeOffline", () => {
  it("is red for a hit on a large list only if the key signed nothing after it", async () => {
    const large = fromBase64(lists.vectors.find((one) => one.name === "3000 of 6000")?.body ?? "") ?? new Uint8Array();
    const scan = read(await code(serialOf(4)));
    const withdrawn = [{ key_id: "T4a1", url: "/w", as_of: "2026-04-30T12:00:00Z", sha256: await hex(large) }];
    const open = { ...trust, withdrawn };
    const closed = { ...open, keys: trust.keys.map((key) => ({ ...key, not_after: "2026-04-30T00:00:00Z" })) };
    const judge = (list: TrustList): Promise<unknown> => judgeOffline(scan, list, () => Promise.resolve(large), NOW);
    expect(await judge(open)).toMatchObject({ outcome: "unknown_offline", look: "unknown", seal: true });
    expect(await judge(closed)).toMatchObject({ outcome: "withdrawn", look: "stop" });
  });

  it("sees the seal, and that the code is on no list", async () => {
    expect(await judged(await code(serialOf(7)))).toEqual({
      outcome: "issued_offline", look: "unknown", seal: true, asOf: "2026-04-30T12:00:00Z", group: "footwear", foreign: null,
    });
  });

  it("is red for a code on the list", async () => {
    expect(await judged(await code(serialOf(4)))).toMatchObject({ outcome: "withdrawn", look: "stop", seal: true });
  });

  it("is red for a known key that did not sign this code", async () => {
    const other = await ours.sign(`tanba/1|T4a1|01${GTIN}21${serialOf(8)}`);
    const forged = { outcome: "forged", look: "stop", seal: false, group: "footwear" };
    expect(await judged(build(GTIN, serialOf(7), "T4a1", other))).toMatchObject(forged);
    expect(await judged(build(GTIN, serialOf(7), "T4a1", other.slice(0, 44)))).toMatchObject(forged);
    expect(await judged(build(GTIN, serialOf(7), "T4a1", "no-base64"))).toMatchObject(forged);
    expect(await judged(build(GTIN, serialOf(7), "Tnew", await ours.sign(`tanba/1|T4a1|01${GTIN}21${serialOf(7)}`))))
      .toMatchObject(forged);
  });

  it("never calls an unknown key forged", async () => {
    expect(await judged(await code(serialOf(7), "Tzzz"))).toMatchObject({ outcome: "unknown_offline", look: "unknown" });
  });

  it("knows nothing without a list or with one past its date", async () => {
    const good = await code(serialOf(7));
    for (const [list, now] of [[null, NOW], [trust, new Date(trust.expires_at)],
      [{ ...trust, expires_at: "nonsense" }, NOW]] as const) {
      expect(await judged(good, list, now)).toMatchObject({ outcome: "unknown_offline", seal: false });
    }
  });

  it("promises nothing when the withdrawn list is missing or damaged", async () => {
    const scan = read(await code(serialOf(4)));
    const damaged = body.slice();
    damaged[30] = (damaged[30] ?? 0) ^ 1;
    for (const found of [null, damaged, body.slice(0, 40)]) {
      expect(await judgeOffline(scan, trust, () => Promise.resolve(found), NOW))
        .toMatchObject({ outcome: "unknown_offline", seal: true });
    }
  });

  it("has a seal and no date where nothing was ever withdrawn", async () => {
    expect(await judged(await code(serialOf(4), "Tnew"))).toMatchObject({ outcome: "issued_offline", asOf: null });
  });

  it("reads through caps lock when the signature proves it", async () => {
    const typed = (await code("aBcDeFgHiJkLm")).replace(/[a-z]|[A-Z]/g,
      (letter) => (letter < "a" ? letter.toLowerCase() : letter.toUpperCase()));
    expect(await judged(typed)).toMatchObject({ outcome: "issued_offline", seal: true });
    expect(await judged(typed.replace("AbC", "AbX"))).toMatchObject({ outcome: "unknown_offline", seal: false });
  });

  it("leaves to the register what only the register can tell", async () => {
    for (const text of [`01${GTIN}21abc`, "KZ-430302-ABC1234567", "RU-430302-ABC1234567", "00348700010000000425",
      "010460043993125621JgXJ5.Tabcdef"]) {
      expect(await judged(text)).toMatchObject({ outcome: "unknown_offline" });
    }
  });

  it("answers what needs no network as the server would", async () => {
    expect(await judged("4870031001118")).toMatchObject({ outcome: "not_a_mark", look: "unknown" });
    expect(await judged("https://shop.kz")).toMatchObject({ outcome: "not_a_mark" });
    expect(await judged("")).toMatchObject({ outcome: "unreadable" });
    expect(await judged("010469025752852321G+mgsHw<DiLN_\u001d91EE05\u001d92abc"))
      .toMatchObject({ outcome: "foreign", foreign: { system: "chestny_znak", country: "RU", by: "key" } });
  });
});

describe("the trust list", () => {
  it("is believed under the pinned root alone", async () => {
    expect(await verifiedTrustList(trust, root.publicKey)).toBe(trust);
    expect(await verifiedTrustList(trust, ours.publicKey)).toBeNull();
    expect(await verifiedTrustList({ ...trust, expires_at: "2027-01-01T00:00:00Z" }, root.publicKey)).toBeNull();
    expect(await verifiedTrustList({ ...trust, keys: [] }, root.publicKey)).toBeNull();
    expect(await verifiedTrustList(trust, "%TANBA_ROOT%")).toBeNull();
    expect(await verifiedTrustList({ ...trust, signature: "" }, root.publicKey)).toBeNull();
  });

  it("is signed over its canonical form, whatever the order of its members", async () => {
    const turned = Object.fromEntries(Object.entries(trust).reverse()) as unknown as TrustList;
    expect(await verifiedTrustList(turned, root.publicKey)).toBe(turned);
    // RFC 8785, section 3.2.3: members in order of UTF-16 units.
    expect(canonical({ "\u20ac": "Euro", "\r": "CR", "\ufb33": "Dalet", 1: "One", "\ud83d\ude00": "Emoji", "\u0080": "C",
      "\u00f6": "O", n: [1e21, -0, true, null, "</\u2028\u000f\""] }))
      .toBe("{\"\\r\":\"CR\",\"1\":\"One\",\"n\":[1e+21,0,true,null,\"</\u2028\\u000f\\\"\"],\"\u0080\":\"C\",\"\u00f6\":\"O\","
        + "\"\u20ac\":\"Euro\",\"\ud83d\ude00\":\"Emoji\",\"\ufb33\":\"Dalet\"}");
  });
});

describe("verifyEd25519", () => {
  it("falls back where the browser does not know the algorithm, with the same answers", async () => {
    vi.resetModules();
    vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new DOMException("unknown", "NotSupportedError"));
    const { verifyEd25519: fallback } = await import("./trust-list");
    const key = fromBase64(ours.publicKey) ?? new Uint8Array();
    const signature = fromBase64(await ours.sign("abc")) ?? new Uint8Array();
    expect(await fallback(key, signature, bytes("abc"))).toBe(true);
    expect(await fallback(key, signature, bytes("abd"))).toBe(false);
    expect(await fallback(new Uint8Array(32).fill(255), signature, bytes("abc"))).toBe(false);
    expect(await verifyEd25519(key.slice(1), signature, bytes("abc"))).toBe(false);
  });
});

describe("the withdrawn list", () => {
  it.each(lists.vectors.map((vector) => [vector.name, vector] as const))("%s", async (_, vector) => {
    const list = parseWithdrawn(fromBase64(vector.body) ?? new Uint8Array());
    expect(list).toMatchObject({ issued: vector.issued, withdrawn: vector.withdrawn });
    for (let number = 0; number < vector.issued; number += 1) {
      expect(list?.contains(await keyOf(`01${GTIN}21${serialOf(number)}`))).toBe(number < vector.withdrawn);
    }
  });

  it("refuses another format", () => {
    const changed = (at: number, to: number): Uint8Array => Uint8Array.from(body, (byte, place) => place === at ? to : byte);
    for (const bad of [new Uint8Array(), body.slice(0, 23), body.slice(0, -1), changed(3, 0x32), changed(4, 3),
      changed(5, 33), Uint8Array.from([...body, 0])]) {
      expect(parseWithdrawn(bad)).toBeNull();
    }
  });
});
