import { expect, test, vi } from "vitest";
import { bodies, freshDevice, locks, server, tab, wanted, type Weather } from "./outbox.testing";

freshDevice();

const ME = "/api/v1/me";
const told = (person: string): Response => new Response(JSON.stringify({ person: { id: person }, organisation: { id: "o1" } }));
const refusal = (status: number, code: string): Response => new Response(JSON.stringify({ error: { code } }), { status });
const asked = (): string[] => server.asked.map(({ path }) => path);

/** What a tab of `person` leaves behind when it is closed without network. */
async function left(person: string, ...subjects: string[]): Promise<string[]> {
  server.weather = () => "lost";
  const { post, drain } = await tab(person);
  const keys: string[] = [];
  for (const [n, subject] of subjects.entries()) keys.push((await post(wanted(subject, n + 1))).key);
  await drain();
  locks.kill();
  server.asked = [];
  return keys;
}

/** The service worker, woken while this person's session is open. */
async function woken(me: string | Response, weather: (path: string, n: unknown) => Weather = () => "fine"): Promise<void> {
  server.weather = ({ path, body }) => {
    if (path !== ME) return weather(path, (body as { n: unknown }).n);
    return typeof me === "string" ? told(me) : me;
  };
  vi.resetModules();
  return (await import("./outbox-background")).drain();
}

async function waiting(): Promise<unknown[]> {
  return (await import("./db")).surely((db) => db.getAll("outbox"));
}

test("where nothing waits nobody is asked for anything", async () => {
  await woken("p1");
  expect(server.asked).toEqual([]);
});

test("what a closed tab left is sent in its order, under its keys, as its owner", async () => {
  const keys = await left("p1", "act:1", "act:1", "act:2");
  await woken("p1");
  expect(server.done).toMatchObject(keys.map((key) => ({ key, actor: "p1:o1" })));
  expect(bodies(server.done)).toEqual([1, 2, 3]);
  expect(await waiting()).toEqual([]);
});

test("what the server answered is on the device, so that the act is seen without network as it stands", async () => {
  await left("p1", "act:1");
  const db = await import("./db");
  const scan = { act: "1", code: "c", at: 0, answer: null };
  await db.surely(async (all) => {
    for (const owner of ["o1", "o2"]) await all.add("actScans", { ...scan, owner } as never);
    await all.put("actWork", { id: "1", remarks: {} } as never);
    await all.put("outbox", { ...(await all.get("outbox", 1)), kind: "decide" } as never);
  });
  await woken("p1", () => new Response(JSON.stringify({ id: "1", state: "accepted", lines: [] })));
  const { surely } = await import("./db");
  expect(await surely((all) => all.getAll("acts"))).toMatchObject([{ id: "1", owner: "o1", act: { state: "accepted" } }]);
  expect(await surely((all) => all.getAll("actScans"))).toMatchObject([{ owner: "o2" }]);
  expect(await surely((all) => all.getAll("actWork"))).toEqual([]);
});

test.each([[401, "identity.not_signed_in"], [403, "organisations.blocked"]])("nothing is sent while nobody may act here: %d %s", async (status, code) => {
  await left("p1", "act:1");
  await woken(refusal(status, code));
  expect(asked()).toEqual([ME]);
  expect(await waiting()).toMatchObject([{ refused: null }]);
});

test("nobody sends for another", async () => {
  await left("p1", "act:1");
  await left("p2", "act:2");
  await woken("p2");
  expect(server.done).toMatchObject([{ path: "/act:2", actor: "p2:o1" }]);
  expect(await waiting()).toMatchObject([{ owner: "p1:o1", refused: null }]);
});

test("where somebody else signs in meanwhile it is over, and no failure", async () => {
  await left("p1", "act:1", "act:2");
  await woken("p1", () => refusal(409, "request.other_actor"));
  expect(asked()).toEqual([ME, "/act:1"]);
  expect(await waiting()).toMatchObject([{ refused: null }, { refused: null }]);
});

test.each<[string, Weather, number]>([["is away", "lost", 1], ["wants patience", 503, 1], ["fails", 500, 2]])("where the server %s the browser is to come back", async (_what, weather, requests) => {
  await left("p1", "act:1", "act:2");
  await expect(woken("p1", () => weather)).rejects.toThrow("something still waits");
  expect(asked()).toHaveLength(1 + requests);
  expect(await waiting()).toMatchObject([{ refused: null }, { refused: null }]);
});

test("where not even the session can be asked for the browser is to come back", async () => {
  await left("p1", "act:1");
  await expect(woken(refusal(503, "request.busy"))).rejects.toMatchObject({ code: "request.busy" });
  expect(asked()).toEqual([ME]);
});

test("what is refused stays with its reason for the person, holds up its own subject alone, and is no failure", async () => {
  await left("p1", "act:1", "act:1", "act:2");
  await woken("p1", (_path, n) => (n === 1 ? 409 : "fine"));
  expect(bodies(server.done)).toEqual([3]);
  expect(await waiting()).toMatchObject([{ refused: { code: "test.refused_409" } }, { refused: null }]);
});

test("beside an open tab each is asked for once, and tabs see it", async () => {
  await left("p1", "act:1", "act:2", "act:3", "act:4");
  const app = await tab("p1");
  app.startOutbox();
  const [own] = [app.drain(), await woken("p1")];
  await own;
  expect(asked().filter((path) => path !== ME).sort()).toEqual(["/act:1", "/act:2", "/act:3", "/act:4"]);
  await vi.waitFor(() => expect(app.outbox.value).toEqual([]));
});

test("a tab that sends nothing itself sees what went without it", async () => {
  await left("p1", "act:1");
  const other = await tab("p2");
  other.startOutbox();
  await other.drain();
  expect(other.outbox.value).toHaveLength(1);
  await woken("p1");
  await vi.waitFor(() => expect(other.outbox.value).toEqual([]));
});

test("while a page is in front the worker sends nothing, and the browser is to come back as long as something waits", async () => {
  const stay = async (): Promise<void> => {
    vi.resetModules();
    return (await import("./outbox-background")).stay();
  };
  await expect(stay()).resolves.toBeUndefined();
  await left("p1", "act:1");
  await expect(stay()).rejects.toThrow("a page still sends");
  await woken("p1", () => 409);
  await expect(stay()).resolves.toBeUndefined();
  expect(asked()).toEqual([ME, "/act:1"]);
});

/** A browser with Background Sync, and the page's own events. */
async function reminded(): Promise<{ tags: string[]; hide: () => void; app: Awaited<ReturnType<typeof tab>> }> {
  const tags: string[] = [];
  const register = (tag: string): Promise<never> => {
    tags.push(tag);
    return Promise.reject(new DOMException("switched off", "NotAllowedError"));
  };
  vi.stubGlobal("navigator", { locks, serviceWorker: { ready: Promise.resolve({ sync: { register } }) } });
  const page = { visibilityState: "hidden", addEventListener: (_name: string, heard: () => void) => void (hide = heard) };
  let hide: () => void = () => undefined;
  vi.stubGlobal("document", page);
  const app = await tab("p1");
  app.startOutbox();
  await app.drain();
  return { tags, app, hide: () => hide() };
}

test("the browser is asked to come back when something could not be sent", async () => {
  const { tags, app } = await reminded();
  await app.post(wanted("act:1"));
  await app.drain();
  expect(tags).toEqual([]);
  server.weather = () => "lost";
  await app.post(wanted("act:1"));
  await app.drain();
  expect(new Set(tags)).toEqual(new Set(["tanba.outbox"]));
});

test("the browser is asked to come back when the app goes away while something is on its way", async () => {
  const { tags, app, hide } = await reminded();
  hide();
  expect(tags).toEqual([]);
  server.weather = () => "hangs";
  await app.post(wanted("act:1"));
  hide();
  expect(tags).toHaveLength(1);
});

test("for what only the person can decide nobody needs to come back", async () => {
  const { tags, app, hide } = await reminded();
  server.weather = () => 409;
  await app.post(wanted("act:1"));
  await app.drain();
  hide();
  expect(tags).toEqual([]);
});
