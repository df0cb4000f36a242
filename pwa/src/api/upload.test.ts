import { beforeEach, expect, test, vi } from "vitest";
import { bringFile } from "./files";

/** The browser's request, as far as it is used; `answer` is what the server does with it. */
class Requested {
  static last: Requested;
  static answer: (request: Requested) => void;
  headers: Record<string, string> = {};
  upload: { onprogress?: (event: unknown) => void } = {};
  onload: () => void = () => undefined;
  onerror: () => void = () => undefined;
  onabort: () => void = () => undefined;
  sent: unknown;
  asked = "";
  status = 201;
  response = '{"id":"a1"}';
  waits: string | null = null;
  constructor() {
    Requested.last = this;
  }
  open(method: string, path: string): void {
    this.asked = `${method} ${path}`;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  getResponseHeader(): string | null {
    return this.waits;
  }
  send(body: unknown): void {
    this.sent = body;
    Requested.answer(this);
  }
  abort(): void {
    this.onabort();
  }
}

const shares: number[] = [];
const file = new Uint8Array([1, 2, 3]);
const bring = (): Promise<unknown> => bringFile(file, (share) => shares.push(share));

beforeEach(() => {
  shares.length = 0;
  vi.stubGlobal("XMLHttpRequest", Requested);
  Requested.answer = (request) => request.onload();
});

test("a file goes as any call does, and its sender sees how far it is", async () => {
  Requested.answer = (request) => {
    for (const loaded of [0, 5, 10]) request.upload.onprogress?.({ lengthComputable: true, loaded, total: 10 });
    request.upload.onprogress?.({ lengthComputable: false, loaded: 7, total: 0 });
    request.onload();
  };
  expect(await bring()).toEqual({ id: "a1" });
  const { asked, sent, headers } = Requested.last;
  expect([asked, sent, shares]).toEqual(["POST /api/v1/files", file, [0, 0.5, 1]]);
  expect(headers).toMatchObject({ "Content-Type": "application/octet-stream", "Idempotency-Key": expect.stringMatching(/^\w{32}$/), "X-Tanba-Client": expect.stringMatching(/^pwa/) });
});

test("what the server says against it is heard", async () => {
  Requested.answer = (request) => {
    Object.assign(request, { status: 429, waits: "17", response: '{"error":{"code":"request.too_many"}}' });
    request.onload();
  };
  await expect(bring()).rejects.toMatchObject({ code: "request.too_many", status: 429, retryAfter: 17 });
});

test("without network", async () => {
  Requested.answer = (request) => request.onerror();
  await expect(bring()).rejects.toMatchObject({ code: "network.unreachable", status: 0 });
});

test("what takes too long is given up", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  Requested.answer = () => vi.advanceTimersByTime(180_000);
  await expect(bring()).rejects.toMatchObject({ code: "network.timeout" });
  vi.useRealTimers();
});
