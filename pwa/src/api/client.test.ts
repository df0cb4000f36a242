import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiError, call, onReached } from "./client";

const reached = vi.fn();
const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal("fetch", fetched);
  onReached(reached);
});

afterEach(() => vi.useRealTimers());

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  return promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as ApiError,
  );
}

test("sends JSON under the app's name and gives the answer", async () => {
  fetched.mockResolvedValue(json(200, { ok: 1 }));
  expect(await call("/api/v1/verify", { method: "POST", body: { code: "\u001d" } })).toEqual({ ok: 1 });
  const [path, init] = fetched.mock.calls[0] ?? [];
  expect(path).toBe("/api/v1/verify");
  expect(init?.body).toBe('{"code":"\\u001d"}');
  expect(init?.headers).toMatchObject({ "Content-Type": "application/json", "X-Tanba-Client": expect.stringMatching(/^pwa\/\d/) });
  expect(init?.cache).toBe("no-store");
  expect(reached).toHaveBeenCalledWith(true);
});

describe("errors", () => {
  test("carry the server's code, params, fields and the wait it asks for", async () => {
    const body = { error: { code: "request.too_many", params: { limit: 60 }, fields: [{ field: "code", code: "missing" }] } };
    fetched.mockResolvedValue(json(429, body, { "Retry-After": "17" }));
    const error = await failure(call("/x"));
    expect(error).toMatchObject({ code: "request.too_many", status: 429, params: { limit: 60 }, retryAfter: 17, passing: true });
    expect(error.fields).toEqual([{ field: "code", code: "missing" }]);
    expect(reached).toHaveBeenCalledWith(true);
  });

  test("of a page that is no JSON have a code too", async () => {
    fetched.mockResolvedValue(new Response("<html>", { status: 500 }));
    expect(await failure(call("/x"))).toMatchObject({ code: "request.unexpected", status: 500, passing: true });
  });

  test("a refusal does not pass by itself", async () => {
    fetched.mockResolvedValue(json(422, { error: { code: "request.invalid" } }));
    expect((await failure(call("/x"))).passing).toBe(false);
  });

  test("no network", async () => {
    fetched.mockRejectedValue(new TypeError("failed to fetch"));
    expect(await failure(call("/x"))).toMatchObject({ code: "network.unreachable", status: 0, passing: true });
    expect(reached).toHaveBeenCalledWith(false);
  });

  test("a gateway whose server is dead counts as not reached", async () => {
    fetched.mockResolvedValue(new Response("", { status: 502 }));
    await failure(call("/x"));
    expect(reached).toHaveBeenCalledWith(false);
  });

  test("an answer that is no JSON", async () => {
    fetched.mockResolvedValue(new Response("nonsense"));
    expect(await failure(call("/x"))).toMatchObject({ code: "network.malformed" });
  });
});

/** A server that answers nothing until it is given up. */
function silent(): void {
  fetched.mockImplementation(
    (_path, { signal }) => new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")))),
  );
}

test("gives up after its time, and says that the server was not reached", async () => {
  vi.useFakeTimers();
  silent();
  const failed = failure(call("/x", { timeout: 2500 }));
  await vi.advanceTimersByTimeAsync(2500);
  expect(await failed).toMatchObject({ code: "network.timeout", status: 0 });
  expect(reached).toHaveBeenCalledWith(false);
});

test("stopped by the caller, it says nothing about the network", async () => {
  silent();
  const stop = new AbortController();
  const failed = failure(call("/x", { signal: stop.signal }));
  stop.abort();
  expect(await failed).toMatchObject({ code: "network.aborted" });
  expect(reached).not.toHaveBeenCalled();
});
