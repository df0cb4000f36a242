/** The protocol of NCALayer against a real WebSocket server of the same machine that speaks it. */

import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { SignDocument } from "./asked";
import { ncalayerSigner, type Permission, probe, type SigningOptions, type Surroundings } from "./ncalayer";
import { SigningFailed } from "./signer";

interface Peer {
  send(text: string): void;
  close(): void;
  on(event: "message", heard: (data: Buffer) => void): void;
}

interface Server {
  address(): AddressInfo;
  close(): void;
  clients: Set<Peer>;
  on(event: "connection", met: (peer: Peer) => void): void;
  once(event: "listening", ready: () => void): void;
}

interface Ws {
  WebSocket: new (address: string) => WebSocket;
  WebSocketServer: new (options: { host: string; port: number }) => Server;
}

// It comes without types of its own; these are the parts in use.
const { WebSocket, WebSocketServer } = (await import("ws" as string)) as Ws;

interface Request {
  module: string;
  method: string;
  args: { data: string[]; signingParams: object; signerParams: object; locale: string; format: string };
}

type Behaviour = (peer: Peer, request: Request) => void;

const open: Server[] = [];
const heard: Request[] = [];

afterEach(() => {
  heard.length = 0;
  for (const server of open.splice(0)) {
    for (const peer of server.clients) peer.close();
    server.close();
  }
});

/** NCALayer speaks first; `greeting` null keeps silent. */
async function ncalayer(answer: Behaviour, greeting: string | null = '{"result":{"version":"1.4"}}'): Promise<Surroundings> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  open.push(server);
  server.on("connection", (peer) => {
    if (greeting !== null) peer.send(greeting);
    peer.on("message", (data) => {
      const request = JSON.parse(data.toString()) as Request;
      heard.push(request);
      answer(peer, request);
    });
  });
  await new Promise<void>((ready) => server.once("listening", ready));
  return around(server.address().port);
}

function around(port: number, allowed: Permission = "granted"): Surroundings {
  return {
    address: `ws://127.0.0.1:${port}/`,
    open: (address) => new WebSocket(address),
    permission: () => Promise.resolve(allowed),
    patience: 300,
  };
}

const OPTIONS: SigningOptions = { purpose: "document", party: "200140000004", language: "kk", profile: "nca-prod" };

function documents(...texts: string[]): SignDocument[] {
  const names = { kk: "а", ru: "б", en: "c" };
  return texts.map((text, at) => ({ id: `d${at}`, bytes: new TextEncoder().encode(text), names, facts: [] }));
}

const never = (): AbortSignal => new AbortController().signal;

function reply(peer: Peer, content: unknown): void {
  peer.send(JSON.stringify(content));
}

async function failure(signing: Promise<unknown>): Promise<SigningFailed> {
  const error = await signing.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SigningFailed);
  return error as SigningFailed;
}

test("signs all documents in one call, in their order", async () => {
  const there = await ncalayer((peer, { args }) => reply(peer, { status: true, body: { result: args.data.map((one) => btoa(`cms of ${atob(one)}`)) } }));
  const made = await ncalayerSigner(OPTIONS, there).sign(documents("one", "two"), never());
  expect(made).toEqual([
    { id: "d0", cms: btoa("cms of one") },
    { id: "d1", cms: btoa("cms of two") },
  ]);
  expect(heard).toHaveLength(1);
  expect(heard[0]).toEqual({
    module: "kz.gov.pki.knca.basics",
    method: "sign",
    args: {
      allowedStorages: null,
      format: "cms",
      data: [btoa("one"), btoa("two")],
      signingParams: { decode: true, encapsulate: false, digested: false, tsaProfile: {} },
      signerParams: { extKeyUsageOids: ["1.3.6.1.5.5.7.3.4"], bin: "200140000004" },
      locale: "kk",
    },
  });
});

test("a sole trader is asked for by IIN, a log-in takes any key, a development authority any issuer", async () => {
  const there = await ncalayer((peer) => reply(peer, { status: true, body: { result: ["AAAA"] } }));
  await ncalayerSigner({ purpose: "login", party: "900101300007", language: "ru", profile: "dev" }, there).sign(documents("x"), never());
  expect(heard[0]?.args.signerParams).toEqual({ extKeyUsageOids: [], iin: "900101300007", chain: [] });
  expect(heard[0]?.args.signingParams).not.toHaveProperty("tsaProfile");
});

test("a signature in PEM armour, or alone instead of in a list, is the same signature", async () => {
  const pem = `-----BEGIN CMS-----\r\nAAEC\r\nAwQF\r\n-----END CMS-----\r\n`;
  const there = await ncalayer((peer) => reply(peer, { status: true, body: { result: pem } }));
  expect(await ncalayerSigner(OPTIONS, there).sign(documents("x"), never())).toEqual([{ id: "d0", cms: "AAECAwQF" }]);
});

test("heartbeats are no answers", async () => {
  const there = await ncalayer((peer) => {
    peer.send("--heartbeat--");
    reply(peer, { status: true, body: { result: ["AAAA"] } });
  });
  expect(await ncalayerSigner(OPTIONS, there).sign(documents("x"), never())).toHaveLength(1);
});

test.each([[{ status: true, body: {} }], [{ status: false, message: "action.canceled" }]])("closing its window is quiet: %j", async (answer) => {
  const there = await ncalayer((peer) => reply(peer, answer));
  const error = await failure(ncalayerSigner(OPTIONS, there).sign(documents("x"), never()));
  expect(error).toMatchObject({ code: "sign.cancelled", quiet: true });
});

test("a refusal says what NCALayer said", async () => {
  const there = await ncalayer((peer) => reply(peer, { status: false, code: "SIGNING_FAILURE", message: "Кілт табылмады", details: "" }));
  const error = await failure(ncalayerSigner(OPTIONS, there).sign(documents("x"), never()));
  expect(error).toMatchObject({ code: "sign.ncalayer_refused", params: { said: "Кілт табылмады" }, quiet: false });
});

test.each([
  ["fewer signatures than documents", JSON.stringify({ status: true, body: { result: ["AAAA"] } })],
  ["no base64", JSON.stringify({ status: true, body: { result: ["%%%", "AAAA"] } })],
  ["no JSON", "hello"],
])("an answer that cannot be right is not taken: %s", async (_, answer) => {
  const there = await ncalayer((peer) => peer.send(answer));
  const error = await failure(ncalayerSigner(OPTIONS, there).sign(documents("x", "y"), never()));
  expect(error.code).toBe("sign.ncalayer_other");
});

test("a connection that breaks while the person chooses a key is told", async () => {
  const there = await ncalayer((peer) => peer.close());
  expect((await failure(ncalayerSigner(OPTIONS, there).sign(documents("x"), never()))).code).toBe("sign.ncalayer_gone");
});

test("who closes the sheet is not waited for", async () => {
  const stop = new AbortController();
  const there = await ncalayer(() => stop.abort());
  const error = await failure(ncalayerSigner(OPTIONS, there).sign(documents("x"), stop.signal));
  expect(error).toMatchObject({ code: "sign.cancelled", quiet: true });
});

test("something else on the port, or nothing, is not NCALayer", async () => {
  const silent = await ncalayer(() => undefined, null);
  expect((await failure(ncalayerSigner(OPTIONS, silent).sign(documents("x"), never()))).code).toBe("sign.ncalayer_absent");
  expect(await probe(silent)).toBe("absent");
  const other = await ncalayer(() => undefined, "hello");
  expect((await failure(ncalayerSigner(OPTIONS, other).sign(documents("x"), never()))).code).toBe("sign.ncalayer_other");
  expect(heard).toEqual([]);
  expect(await probe(around(await freePort()))).toBe("absent");
});

test("a browser that lets no site reach the machine is told apart, and nothing is tried", async () => {
  const there = { ...(await ncalayer(() => undefined)), permission: () => Promise.resolve<Permission>("denied") };
  let tried = 0;
  const watched = {
    ...there,
    open: (address: string) => {
      tried += 1;
      return new WebSocket(address);
    },
  };
  expect((await failure(ncalayerSigner(OPTIONS, watched).sign(documents("x"), never()))).code).toBe("sign.ncalayer_blocked");
  expect(await probe(watched)).toBe("blocked");
  expect(tried).toBe(0);
});

test("a permission that is refused while connecting is told as such", async () => {
  const answers: Permission[] = ["prompt", "denied"];
  const there = { ...around(await freePort()), permission: () => Promise.resolve<Permission>(answers.shift() ?? "denied") };
  expect(await probe(there)).toBe("blocked");
});

test("asking whether it runs asks nothing else", async () => {
  const there = await ncalayer(() => undefined);
  expect(await probe(there)).toBe("running");
  expect(heard).toEqual([]);
});

async function freePort(): Promise<number> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise<void>((ready) => server.once("listening", ready));
  const { port } = server.address();
  server.close();
  return port;
}
