import forge from "node-forge";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { inside, octets, parse, TAG } from "./asn1";
import { wide } from "./ciphers";
import { toHex } from "./der";
import { Desk } from "./desk";
import { certificate, container, der, type KeyPair, keyPair, PASSWORD } from "./fake-container";
import { FakeWorker } from "./fake-worker";
import { IDLE } from "./keeper";
import { openContainer, type SignError } from "./signer";

const NOW = new Date("2026-06-01T00:00:00Z");
const workers: FakeWorker[] = [];
const spawn = (): FakeWorker => {
  const made = new FakeWorker();
  workers.push(made);
  return made;
};
const lastWorker = (): FakeWorker | undefined => workers.at(-1);

const open = (file: Blob, password = PASSWORD, now = NOW): ReturnType<typeof openContainer> =>
  openContainer(file, password, { spawn, now });

async function refused(opening: Promise<unknown>): Promise<SignError> {
  const error = await opening.then(
    () => new Error("opened"),
    (reason: unknown) => reason,
  );
  return error as SignError;
}

let mine: KeyPair;
let other: KeyPair;

beforeAll(async () => {
  [mine, other] = await Promise.all([keyPair(2048), keyPair(2048)]);
});

describe("a container of the national authority's kind", () => {
  test("shows whose it is", async () => {
    const key = await open(container(mine.privateKey, [certificate(mine)]));
    expect(key.subject).toMatchObject({
      name: "СЕРІКБАЕВ НҰРСҰЛТАН ӘБІШҰЛЫ",
      iin: "900101300007",
      bin: "200140000004",
      organisation: "«Тест» ЖШС",
    });
    expect(key.subject.serial).toMatch(/^5a[0-9a-f]{16}$/);
    expect(key.notBefore).toEqual(new Date("2026-01-01T00:00:00Z"));
    expect(key.notAfter).toEqual(new Date("2026-12-31T00:00:00Z"));
    expect([key.algorithm, key.canSign, key.test]).toEqual(["RSA", true, false]);
    expect(key.roles).toEqual(["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.1"]);
    key.close();
  });

  test("signs: detached, with the attributes of CAdES-BES in the order of DER", async () => {
    const leaf = certificate(mine);
    const key = await open(container(mine.privateKey, [leaf]));
    const document = new TextEncoder().encode('{"schema":"kz.tanba.act/v1"}');
    const cms = new Uint8Array(await key.sign(document, new Date("2026-06-01T10:20:30.456Z")));
    key.close();

    const [, outer] = inside(parse(cms), TAG.sequence);
    const [, digests, content, certificates, signers] = inside(inside(outer, 0x80)[0], TAG.sequence);
    expect(inside(digests, TAG.set)).toHaveLength(1);
    expect(inside(content, TAG.sequence)).toHaveLength(1);
    const written = der(forge.pki.certificateToAsn1(leaf));
    expect(inside(certificates, 0x80).map(({ raw }) => toHex(raw))).toEqual([toHex(written)]);

    const [, , , attributes, , signature] = inside(inside(signers, TAG.set)[0], TAG.sequence);
    const signed = Uint8Array.from(attributes?.raw ?? []);
    signed[0] = 0x31;
    const parts = inside(attributes, 0x80).map(({ raw }) => toHex(raw));
    expect(parts).toEqual([...parts].sort());
    const said = parts.join("");
    const sha = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    expect(said).toContain("0420" + (await sha(document)));
    expect(said).toContain("0420" + (await sha(written)));
    expect(said).toContain(toHex(new TextEncoder().encode("260601102030Z")));
    const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const opener = await crypto.subtle.importKey("spki", der(forge.pki.publicKeyToAsn1(mine.publicKey)), rsa, false, ["verify"]);
    expect(await crypto.subtle.verify(rsa, opener, octets(signature), signed)).toBe(true);
  });
});

describe("locks that makers use", () => {
  test.each([
    ["3DES", { algorithm: "3des" }],
    ["AES-128 by PBKDF2", { algorithm: "aes128" }],
    ["AES-256 by PBKDF2", { algorithm: "aes256" }],
    ["no authentication code", { algorithm: "3des", useMac: false }],
    ["no ties between key and certificate", { algorithm: "3des", generateLocalKeyId: false }],
  ] as const)("%s", async (_, options) => {
    const key = await open(container(mine.privateKey, [certificate(mine)], options));
    expect(key.canSign).toBe(true);
    key.close();
  });

  test("an empty password", async () => {
    const file = container(mine.privateKey, [certificate(mine)], { algorithm: "3des" }, "");
    (await open(file, "")).close();
  });

  test("a password outside Latin, in Kazakh letters", async () => {
    const key = await open(container(mine.privateKey, [certificate(mine)], { algorithm: "3des" }, "Құпия1"), "Құпия1");
    key.close();
    expect(await refused(open(container(mine.privateKey, [certificate(mine)]), "Құпия1"))).toMatchObject({ code: "sign.wrong_password" });
    expect(toHex(wide(new TextEncoder().encode("aҚ€😀")))).toBe("0061049a20acd83dde000000");
  });
});

describe("what cannot be opened says why", () => {
  test.each(["3des", "aes256"] as const)("a wrong password, %s", async (algorithm) => {
    const error = await refused(open(container(mine.privateKey, [certificate(mine)], { algorithm }), "tanba2026"));
    expect(error).toMatchObject({ name: "SignError", code: "sign.wrong_password" });
    expect(lastWorker()?.ended).toBe(true);
  });

  test("wrong passwords where nothing authenticates: some open to nonsense", async () => {
    const file = container(mine.privateKey, [certificate(mine)], { algorithm: "3des", useMac: false, count: 1 });
    const bytes = new Uint8Array(await file.arrayBuffer());
    for (let attempt = 0; attempt < 600; attempt++) {
      const password = new TextEncoder().encode(`wrong${attempt}`);
      const answer = await new Desk().serve({ id: 1, kind: "open", file: bytes, password, now: NOW });
      expect(answer).toMatchObject({ failed: "sign.wrong_password" });
    }
  });

  test.each([
    ["a picture", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46)],
    ["nothing", new Uint8Array()],
    ["twenty megabytes", new Uint8Array(20 * 1024 * 1024).fill(0x30)],
  ])("%s is no container, and no worker starts for it", async (_, bytes) => {
    const before = workers.length;
    expect(await refused(open(new Blob([bytes])))).toMatchObject({ code: "sign.not_a_container" });
    expect(workers.length).toBe(before);
  });

  test.each([
    ["nested without end", new Uint8Array(1024 * 1024).fill(0x30)],
    ["nested without end or length", Uint8Array.from({ length: 100_000 }, (_, at) => (at % 2 ? 0x80 : 0x30))],
    ["a length beyond the file", Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff)],
    ["another SEQUENCE", Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x03)],
  ])("%s is no container", async (_, bytes) => {
    expect(await refused(open(new Blob([bytes])))).toMatchObject({ code: "sign.not_a_container" });
  });

  test("a container cut short or damaged in its frame", async () => {
    const whole = new Uint8Array(await container(mine.privateKey, [certificate(mine)]).arrayBuffer());
    expect(await refused(open(new Blob([whole.slice(0, -20)])))).toMatchObject({ code: "sign.not_a_container" });
    expect(await refused(open(new Blob([whole, Uint8Array.of(0)])))).toMatchObject({ code: "sign.not_a_container" });
  });

  test("a file that can no longer be read", async () => {
    const gone = { size: 4000, arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")) };
    expect(await refused(open(gone as unknown as Blob))).toMatchObject({ code: "sign.not_a_container" });
  });

  test("certificates alone", async () => {
    expect(await refused(open(container(null, [certificate(mine)])))).toMatchObject({ code: "sign.no_key" });
  });

  test("a key with somebody else's certificate", async () => {
    const file = container(other.privateKey, [certificate(mine)]);
    expect(await refused(open(file))).toMatchObject({ code: "sign.key_mismatch" });
  });

  test("a key shorter than the server takes", async () => {
    const short = await keyPair(1024);
    expect(await refused(open(container(short.privateKey, [certificate(short)])))).toMatchObject({ code: "sign.algorithm" });
  });

  test("an ended term and one not begun, with their dates; minutes of a slow clock are forgiven", async () => {
    const file = container(mine.privateKey, [certificate(mine)]);
    const late = await refused(open(file, PASSWORD, new Date("2026-12-31T00:00:01Z")));
    expect(late).toMatchObject({ code: "sign.expired", at: new Date("2026-12-31T00:00:00Z") });
    const early = await refused(open(file, PASSWORD, new Date("2025-12-31T23:50:00Z")));
    expect(early).toMatchObject({ code: "sign.not_yet_valid", at: new Date("2026-01-01T00:00:00Z") });
    (await open(file, PASSWORD, new Date("2025-12-31T23:58:00Z"))).close();
  });
});

describe("which key, and whose", () => {
  const LOGIN = { digitalSignature: true, keyEncipherment: true };

  test("a log-in key opens, and says that it signs no documents", async () => {
    const key = await open(container(mine.privateKey, [certificate(mine, { usage: LOGIN })]));
    expect(key.canSign).toBe(false);
    key.close();
  });

  test("an authority's key signs no documents", async () => {
    const usage = { digitalSignature: true, nonRepudiation: true, keyCertSign: true };
    const key = await open(container(mine.privateKey, [certificate(mine, { usage })]));
    expect(key.canSign).toBe(false);
    key.close();
  });

  test("test and development authorities are told by their names", async () => {
    for (const issuer of ["ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST 2022", "DEV CA 0badf00d NOT NUC RK"]) {
      const key = await open(container(mine.privateKey, [certificate(mine, { issuer })]));
      expect(key.test, issuer).toBe(true);
      key.close();
    }
  });

  test("of several certificates the one that may sign comes first, ended ones are left out", async () => {
    const chain = [
      certificate(mine, { usage: LOGIN, name: "LOGIN KEY" }),
      certificate(mine, { until: "2026-05-01T00:00:00Z", name: "ENDED KEY" }),
      certificate(mine, { name: "SIGN KEY" }),
      certificate(other, { name: "OTHER KEY" }),
    ];
    const key = await open(container(mine.privateKey, chain));
    expect([key, ...key.others].map(({ subject, canSign }) => [subject.name.slice(0, 8), canSign])).toEqual([
      ["SIGN KEY", true],
      ["LOGIN KE", false],
    ]);
    const [login] = key.others;
    const cms = toHex(new Uint8Array((await login?.sign(Uint8Array.of(1))) ?? []));
    expect(cms).toContain(toHex(new TextEncoder().encode("LOGIN KEY")));
    expect(cms).not.toContain(toHex(new TextEncoder().encode("SIGN KEY")));
    key.close();
  });
});

describe("the worker keeps what is secret", () => {
  test("the password is handed over, wiped, and neither it nor the key comes back", async () => {
    const key = await open(container(mine.privateKey, [certificate(mine)]));
    await key.sign(Uint8Array.of(1, 2, 3));
    const worker = lastWorker();
    const order = worker?.heard[0];
    if (order?.kind !== "open") throw new Error("no order");
    expect(order.password).toEqual(new Uint8Array(PASSWORD.length));
    const said = JSON.stringify(worker?.said, (_, value: unknown) => (ArrayBuffer.isView(value) ? toHex(value as Uint8Array) : value));
    const prime = toHex(Uint8Array.from(mine.privateKey.p.toByteArray()).slice(-64));
    expect(said).not.toContain(prime);
    expect(said).not.toContain(PASSWORD);
    key.close();
  });

  test("closing ends the worker; signing afterwards says so", async () => {
    const key = await open(container(mine.privateKey, [certificate(mine)]));
    const signing = key.sign(Uint8Array.of(1));
    key.close();
    expect(await refused(signing)).toMatchObject({ code: "sign.closed" });
    expect(lastWorker()?.ended).toBe(true);
    expect(await refused(key.sign(Uint8Array.of(1)))).toMatchObject({ code: "sign.closed" });
  });

  test("a key that nobody uses is put away; use puts that off", async () => {
    const key = await open(container(mine.privateKey, [certificate(mine)]));
    vi.useFakeTimers();
    try {
      await key.sign(Uint8Array.of(1));
      vi.advanceTimersByTime(IDLE - 1);
      await key.sign(Uint8Array.of(1));
      vi.advanceTimersByTime(IDLE - 1);
      expect(lastWorker()?.ended).toBe(false);
      vi.advanceTimersByTime(1);
      expect(lastWorker()?.ended).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a browser without workers, and a worker that dies", async () => {
    const file = container(mine.privateKey, [certificate(mine)]);
    const none = (): never => {
      throw new Error("no workers here");
    };
    expect(await refused(openContainer(file, PASSWORD, { spawn: none }))).toMatchObject({ code: "sign.unavailable" });
    const dead = new FakeWorker();
    dead.postMessage = () => dead.onerror?.({} as ErrorEvent);
    expect(await refused(openContainer(file, PASSWORD, { spawn: () => dead }))).toMatchObject({ code: "sign.unavailable" });
    expect(dead.ended).toBe(true);
  });

  test("a worker that never answers", async () => {
    const silent = new FakeWorker();
    silent.postMessage = () => vi.advanceTimersByTime(60_000);
    vi.useFakeTimers();
    try {
      const file = container(mine.privateKey, [certificate(mine)]);
      expect(await refused(openContainer(file, PASSWORD, { spawn: () => silent }))).toMatchObject({ code: "sign.not_a_container" });
    } finally {
      vi.useRealTimers();
    }
  });
});
