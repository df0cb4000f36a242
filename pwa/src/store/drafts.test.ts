import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const BOX = "00487000100000005001";
const OTHER = "00487000100000005018";

/** A server that knows one draft; `away` is a network that is gone. */
class Server {
  away = false;
  made = new Map<string, string>();
  inside = new Set<string>();
  refuses = new Set<string>();
  batches: string[][] = [];
  version = 1;

  fetch = async (path: string, { method, headers, body }: { method: string; headers: Record<string, string>; body: string | null }): Promise<Response> => {
    if (this.away) throw new TypeError("network");
    const given = body === null ? null : (JSON.parse(body) as { codes: string[]; version: number });
    if (method === "POST" && path.endsWith("/units")) return this.answer(this.put(given?.codes ?? []));
    if (method === "POST" && path.endsWith("/units/remove")) {
      for (const code of given?.codes ?? []) this.inside.delete(code);
      return this.answer(this.act());
    }
    if (method === "PUT" && given?.version !== this.version) {
      return new Response(JSON.stringify({ error: { code: "acts.draft_changed", params: { version: this.version } } }), { status: 409 });
    }
    if (method === "POST") this.made.set(headers["Idempotency-Key"] ?? "", "act");
    return this.answer(this.act());
  };

  private put(codes: string[]): unknown {
    this.batches.push(codes);
    const results = codes.map((text) => {
      if (this.refuses.has(text)) return { text, code: text, status: "refused", reason: "not_yours", package: null };
      const status = this.inside.has(text) ? "already" : "added";
      this.inside.add(text);
      return { text, code: text, status, reason: null, package: null };
    });
    return { version: (this.version += 1), units: this.inside.size, results };
  }

  private act(): unknown {
    return { id: "act", state: "draft", version: this.version, units: this.inside.size, lines: [], packages: [] };
  }

  private answer(content: unknown): Response {
    return new Response(JSON.stringify(content), { status: 200 });
  }
}

let server: Server;

/** A fresh load of the app over the same device. */
async function load(organisation = "o1"): Promise<typeof import("./drafts")> {
  vi.resetModules();
  const session = await import("./session");
  session.me.value = { person: { id: "p" }, organisation: { id: organisation }, permissions: [] } as never;
  return import("./drafts");
}

beforeEach(() => {
  server = new Server();
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  vi.stubGlobal("fetch", server.fetch);
});

afterEach(() => vi.unstubAllGlobals());

test("the first scan begins an act, and what is refused says why", async () => {
  const { openDraft } = await load();
  server.refuses.add(OTHER);
  const told: string[] = [];
  const draft = await openDraft(null, ({ status }) => told.push(status));
  const read = [BOX, OTHER, BOX, "4870001000011"].map((text) => draft.scan(text, null));
  expect(read.map(({ what, code }) => [what, code])).toEqual([["new", BOX], ["new", OTHER], ["again", BOX], ["not_a_mark", null]]);
  await vi.waitFor(() => expect(told).toEqual(["added", "refused"]));
  expect(draft.scans.value.map(({ answer }) => answer?.reason)).toEqual([null, "not_yours"]);
  expect(draft.act.value?.id).toBe("act");
});

test("scans without network wait on the device across a reload and make one act", async () => {
  server.away = true;
  const first = await (await load()).openDraft(null, () => undefined);
  first.scan(BOX, null);
  first.scan(OTHER, null);
  await vi.waitFor(() => expect(first.failure.value?.status).toBe(0));
  await vi.waitFor(() => expect(first.waiting.value).toBe(2));
  first.stop();
  const drafts = await load();
  expect(await drafts.begunHere()).toBe(true);
  const again = await drafts.openDraft(null, () => undefined);
  expect(again.scans.value.map(({ code }) => code)).toEqual([BOX, OTHER]);
  await again.push();
  server.away = false;
  await Promise.all([again.push(), again.push()]);
  await vi.waitFor(() => expect(again.waiting.value).toBe(0));
  expect([server.made.size, [...server.inside]]).toEqual([1, [BOX, OTHER]]);
  expect(await drafts.begunHere()).toBe(false);
});

test("a scan that comes while the last batch is on its way goes out, too", async () => {
  const { openDraft } = await load();
  const draft = await openDraft(null, () => undefined);
  const real = server.fetch;
  vi.stubGlobal("fetch", async (...given: Parameters<typeof real>) => {
    if (given[1].method === "GET" && server.batches.length === 1) {
      draft.scan(OTHER, null);
      await vi.waitFor(() => expect(draft.waiting.value).toBe(1));
    }
    return real(...given);
  });
  draft.scan(BOX, null);
  await vi.waitFor(() => expect([...server.inside]).toEqual([BOX, OTHER]));
  await vi.waitFor(() => expect(draft.scans.value.map(({ act }) => act)).toEqual(["act", "act"]));
});

test("a colleague's newer draft is never overwritten unseen, and what was typed may then be saved over it", async () => {
  const { openDraft } = await load();
  const draft = await openDraft(null, () => undefined);
  await draft.save({ number: "1" });
  server.version = 9;
  await expect(draft.save({ number: "2" })).rejects.toMatchObject({ code: "acts.draft_changed" });
  expect(draft.act.value?.version).toBe(9);
  await draft.save({ number: "2" });
});

test("an answer that was lost makes no second act", async () => {
  const { openDraft } = await load();
  const draft = await openDraft(null, () => undefined);
  const real = server.fetch;
  let lost = true;
  vi.stubGlobal("fetch", async (...given: Parameters<typeof real>) => {
    const answer = await real(...given);
    if (lost && given[1].method === "POST") {
      lost = false;
      throw new TypeError("network");
    }
    return answer;
  });
  draft.scan(BOX, null);
  await vi.waitFor(() => expect(draft.failure.value?.status).toBe(0));
  await draft.push();
  expect([server.made.size, draft.waiting.value]).toEqual([1, 0]);
});

test("what is taken out leaves the act and the device, and may be scanned again", async () => {
  const drafts = await load();
  const draft = await drafts.openDraft(null, () => undefined);
  draft.scan(BOX, null);
  await vi.waitFor(() => expect([...server.inside]).toEqual([BOX]));
  await draft.push();
  await draft.remove(draft.scans.value.map(({ code }) => code));
  expect([server.inside.size, draft.scans.value.length]).toEqual([0, 0]);
  expect(draft.scan(BOX, null).what).toBe("new");
  await vi.waitFor(() => expect([...server.inside]).toEqual([BOX]));
});

test("another organisation on this device does not see what was begun", async () => {
  server.away = true;
  const draft = await (await load("o1")).openDraft(null, () => undefined);
  draft.scan(BOX, null);
  await vi.waitFor(() => expect(draft.scans.value).toHaveLength(1));
  const others = await load("o2");
  expect(await others.begunHere()).toBe(false);
  expect(await (await load("o1")).begunHere()).toBe(true);
});

test("what a colleague put in is taken out here, and what was refused never goes to the server", async () => {
  const { openDraft } = await load();
  server.refuses.add(OTHER);
  const draft = await openDraft(null, () => undefined);
  draft.scan(BOX, null);
  draft.scan(OTHER, null);
  await vi.waitFor(() => expect(draft.scans.value.filter(({ answer }) => answer)).toHaveLength(2));
  await draft.push();
  server.inside.add("0104870001234560217colleague");
  const removed: string[][] = [];
  const before = server.fetch;
  vi.stubGlobal("fetch", async (path: string, asked: { method: string; headers: Record<string, string>; body: string | null }) => {
    if (path.endsWith("/units/remove")) removed.push((JSON.parse(asked.body ?? "") as { codes: string[] }).codes);
    return before(path, asked);
  });
  await draft.remove(["0104870001234560217colleague", OTHER]);
  expect(removed).toEqual([["0104870001234560217colleague"]]);
  expect([[...server.inside], draft.scans.value.map(({ code }) => code)]).toEqual([[BOX], [BOX]]);
  expect(draft.scan(OTHER, null).what).toBe("new");
});

test("a scan made elsewhere begins an act once", async () => {
  const { beginWith, begunHere } = await load();
  await beginWith([BOX, OTHER]);
  await beginWith([BOX]);
  expect(await begunHere()).toBe(true);
  const { openDraft } = await load();
  const draft = await openDraft(null, () => undefined);
  expect(draft.scans.value.map(({ code }) => code)).toEqual([BOX, OTHER]);
});

test("what was typed is on the device until it is saved, each draft's and each organisation's apart", async () => {
  const { keepTyped } = await load();
  await keepTyped(null, { tax: "1" });
  await keepTyped("act", { tax: "2" });
  const again = await load();
  expect([await again.recallTyped(null), await again.recallTyped("act")]).toEqual([{ tax: "1" }, { tax: "2" }]);
  expect(await (await load("o2")).recallTyped(null)).toBeUndefined();
  const { keepTyped: save, recallTyped: recall, discardDraft } = await load();
  await save("act", null);
  await discardDraft(null);
  expect([await recall(null), await recall("act")]).toEqual([undefined, undefined]);
});
