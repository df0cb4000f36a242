import { IDBObjectStore } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import { bodies, freshDevice, locks, server, tab, wanted } from "./outbox.testing";

freshDevice();

const DAY = 86_400_000;
const persist = vi.fn(() => Promise.resolve(true));
const timers = (): unknown => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
const foreign = (status: number): Response => new Response("<title>Wi-Fi</title>", { status });
const refusal = (status: number, code: string, headers = {}): Response => new Response(JSON.stringify({ error: { code, params: {} } }), { status, headers });

beforeEach(() => {
  persist.mockClear();
  vi.stubGlobal("navigator", { locks, storage: { persisted: () => Promise.resolve(false), persist, estimate: () => Promise.resolve({}) } });
});

test("what is saved has reached the disk, not its cache", async () => {
  const { post } = await tab();
  const transaction = vi.spyOn((await import("fake-indexeddb")).IDBDatabase.prototype, "transaction");
  await post(wanted("act:1"));
  expect(transaction.mock.calls.filter(([, mode, options]) => mode === "readwrite" && options?.durability === "strict")).toHaveLength(1);
  transaction.mockRestore();
});

test("nobody's operation is called saved, because nobody would ever send it", async () => {
  const { post, outbox, look } = await tab();
  (await import("./session")).me.value = null;
  await expect(post(wanted("act:1"))).rejects.toMatchObject({ code: "identity.not_signed_in" });
  await look();
  expect(outbox.value).toEqual([]);
});

test("a full device is called full", async () => {
  const { post } = await tab();
  const add = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  await expect(post(wanted("act:1"))).rejects.toMatchObject({ code: "device.full" });
  add.mockRestore();
});

test("the browser is asked to keep the device's data once there is something to lose, and once", async () => {
  const { post, promised } = await tab();
  expect(persist).not.toHaveBeenCalled();
  await post(wanted("act:1"));
  await vi.waitFor(() => expect(promised.value).toBe(true));
  await post(wanted("act:1"));
  await vi.waitFor(() => expect(server.done).toHaveLength(2));
  expect(persist).toHaveBeenCalledTimes(1);
});

test("every request says who did it; where somebody else has signed in meanwhile it waits unharmed", async () => {
  server.weather = () => refusal(409, "request.other_actor");
  const { post, drain, outbox } = await tab("p1");
  await post(wanted("act:1"));
  await drain();
  expect(server.asked[0]).toMatchObject({ actor: "p1:o1" });
  expect(outbox.value).toMatchObject([{ refused: null, attempts: 0 }]);
});

test.each([["another network's page", foreign(403)], ["a page that says yes", foreign(200)], ["somebody else's 404", refusal(404, "request.unexpected")], ["somebody else's log-in", foreign(401)], ["an error that is not ours", new Response('{"error":"no"}', { status: 400 })]])("%s refuses nothing", async (_what, answer) => {
  server.weather = ({ path }) => (path === "/act:1" ? answer.clone() : "fine");
  const { post, drain, outbox } = await tab();
  await post(wanted("act:1"));
  await drain();
  expect(outbox.value).toMatchObject([{ refused: null }]);
  expect(outbox.value[0]?.attempts).toBeGreaterThan(0);
});

test("where nothing gets through, one request is enough to know it", async () => {
  server.weather = () => 503;
  const { post, drain } = await tab();
  for (let n = 0; n < 5; n += 1) await post(wanted(`act:${n}`));
  await drain();
  const before = server.asked.length;
  await drain();
  expect(server.asked).toHaveLength(before + 1);
});

test("a gateway that finds it too large will always find it so", async () => {
  server.weather = () => foreign(413);
  const { post, drain, outbox } = await tab();
  await post(wanted("act:1"));
  await drain();
  expect(outbox.value).toMatchObject([{ refused: { code: "request.unexpected" } }]);
});

test("a server that asks for patience is not asked before, whatever is done meanwhile, and not later than in an hour", async () => {
  timers();
  let busy = true;
  server.weather = () => (busy ? refusal(429, "request.too_many", { "Retry-After": "100000" }) : "fine");
  const { post, drain } = await tab();
  await post(wanted("act:1"));
  await drain();
  const before = server.asked.length;
  busy = false;
  await post(wanted("act:2"));
  await vi.advanceTimersByTimeAsync(3_599_000);
  expect(server.asked).toHaveLength(before);
  await vi.advanceTimersByTimeAsync(721_000);
  await vi.waitFor(() => expect(server.done).toHaveLength(2));
});

test.each([[0, 4_000], [1, 6_000]])("not all phones come back at once: with dice at %d after %d ms", async (dice, pause) => {
  timers();
  vi.spyOn(Math, "random").mockReturnValue(dice);
  server.weather = () => "lost";
  const { post, drain } = await tab();
  await post(wanted("act:1"));
  await drain();
  const before = server.asked.length;
  const first = before === 1;
  await vi.advanceTimersByTimeAsync((first ? pause : pause * 3) - 10);
  expect(server.asked).toHaveLength(before);
  await vi.advanceTimersByTimeAsync(20);
  await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(before));
  vi.mocked(Math.random).mockRestore();
});

test("what is done while the last answer is being put away is sent too", async () => {
  const slow = { request: (name: string, options: never, work: never) => locks.request(name, options, work).then((one) => new Promise((resolve) => setTimeout(() => resolve(one), 20))) };
  vi.stubGlobal("navigator", { locks: slow });
  const { post } = await tab();
  for (let n = 1; n <= 5; n += 1) {
    await post(wanted("act:1", n));
    await vi.waitFor(() => expect(server.done).toHaveLength(n), { interval: 1 });
  }
});

test("a tab that froze while sending holds up the others for two minutes, and does nothing twice when it wakes", async () => {
  timers();
  let wake: () => void = () => undefined;
  void locks.request("tanba.outbox", {}, () => new Promise<void>((resolve) => (wake = resolve))).catch(() => undefined);
  const { post, drain, outbox } = await tab();
  await post(wanted("act:1"));
  await vi.advanceTimersByTimeAsync(119_000);
  expect(server.asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  await drain();
  wake();
  await drain();
  expect([server.done.length, outbox.value.length]).toEqual([1, 0]);
});

test("what is on its way cannot be discarded, nor what the server has by now", async () => {
  server.weather = () => "hangs";
  const { post, drop, retry } = await tab();
  const { seq } = await post(wanted("act:1"));
  await vi.waitFor(() => expect(server.asked).toHaveLength(1));
  await expect(drop(seq)).rejects.toMatchObject({ code: "outbox.on_its_way" });
  await expect(retry(seq + 1)).rejects.toMatchObject({ code: "outbox.on_its_way" });
});

test("without locks the keys alone keep things from being done twice", async () => {
  vi.stubGlobal("navigator", {});
  const [one, two] = [await tab(), await tab()];
  for (let n = 1; n <= 5; n += 1) await one.post(wanted("act:1", n));
  await Promise.all([one.drain(), two.drain()]);
  expect(bodies(server.done)).toEqual([1, 2, 3, 4, 5]);
});

test("what may have been done longer ago than the server remembers is asked about, and sent when the person says so", async () => {
  server.weather = () => "unanswered";
  vi.useFakeTimers({ toFake: ["Date"], now: 400 * DAY });
  const { post, drain, outbox, retry } = await tab();
  await post(wanted("act:1"));
  await drain();
  vi.setSystemTime(764 * DAY);
  await drain();
  expect(outbox.value).toMatchObject([{ refused: null }]);
  vi.setSystemTime(766 * DAY);
  const asked = server.asked.length;
  await drain();
  expect(outbox.value).toMatchObject([{ refused: { code: "outbox.too_old" } }]);
  expect(server.asked).toHaveLength(asked);
  server.weather = () => "fine";
  await retry(outbox.value[0]?.seq ?? 0);
  await drain();
  expect([server.done.length, outbox.value.length]).toEqual([1, 0]);
});

test("what was never tried is sent however long it waited: its clock may have been wrong", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: DAY });
  server.weather = () => 401;
  const away = await tab("p2");
  await away.post(wanted("act:1"));
  await (await tab("p1")).drain();
  vi.setSystemTime(20_000 * DAY);
  server.weather = () => "fine";
  const { outbox, drain, look } = await tab("p2");
  await look();
  const { onDevice } = await import("./db");
  await onDevice(async (db) => void (await db.put("outbox", { ...outbox.value[0], tried: undefined } as never)), undefined);
  await drain();
  expect(server.done).toHaveLength(1);
});

test("an answer that the app cannot digest is tried again and then let go: it holds up nothing for good", async () => {
  const { post, drain, onTaken, outbox } = await tab();
  onTaken("act", () => Promise.reject(new Error("broken")));
  await post(wanted("act:1", 1));
  await post(wanted("act:1", 2));
  await drain();
  expect(outbox.value).toHaveLength(2);
  for (let round = 0; round < 10; round += 1) await drain();
  expect([bodies(server.done), outbox.value]).toEqual([[1, 2], []]);
});

test("a large file has the time that a slow network needs", async () => {
  timers();
  server.weather = () => "hangs";
  const { post, look, outbox } = await tab();
  await post(wanted("act:1", "x".repeat(1_000_000)));
  await vi.waitFor(() => expect(server.asked).toHaveLength(1));
  await vi.advanceTimersByTimeAsync(250_000);
  await look();
  expect(outbox.value).toMatchObject([{ attempts: 0 }]);
  await vi.advanceTimersByTimeAsync(12_000);
  await vi.waitFor(async () => {
    await look();
    expect(outbox.value[0]?.attempts).toBeGreaterThan(0);
  });
});

test("much that waits, and much of another's, hides neither the next one nor what holds it up", async () => {
  server.weather = ({ body }) => ((body as { n: unknown }).n === "refused" ? 409 : "fine");
  const other = await tab("p2");
  for (let n = 0; n < 60; n += 1) await other.post(wanted("act:9", "refused"));
  const { post, drain, outbox } = await tab("p1");
  await post(wanted("act:1", "refused"));
  for (let n = 0; n < 60; n += 1) await post(wanted(`act:1`, n));
  await post(wanted("act:2", "last"));
  await drain();
  expect(bodies(server.done)).toEqual(["last"]);
  expect(outbox.value).toHaveLength(121);
});

test("what was taken away while it waited for its turn holds up nothing", async () => {
  server.weather = () => "lost";
  const { post, drain } = await tab();
  for (const n of [1, 2]) await post(wanted("act:1", n));
  await drain();
  server.weather = () => "fine";
  let release: () => void = () => undefined;
  void locks.request("tanba.outbox.1", {}, () => new Promise<void>((resolve) => (release = resolve)));
  const drained = drain();
  await vi.waitFor(() => expect(locks.waits("tanba.outbox.1")).toBe(true));
  await (await import("./db")).surely((db) => db.delete("outbox", 1));
  release();
  await drained;
  expect(bodies(server.done)).toEqual([2]);
});

test("where the device does not let what waits be read, it is asked again", async () => {
  timers();
  const { post, drain } = await tab();
  const read = vi.spyOn(IDBObjectStore.prototype, "getAll").mockImplementation(() => {
    throw new DOMException("broken", "UnknownError");
  });
  await post(wanted("act:1"));
  await drain();
  expect(server.asked).toEqual([]);
  read.mockRestore();
  await vi.advanceTimersByTimeAsync(20_000);
  await vi.waitFor(() => expect(server.done).toHaveLength(1));
});

test("when something got through the next pause is a short one again", async () => {
  timers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  const { post, drain } = await tab();
  server.weather = () => "lost";
  await post(wanted("act:1"));
  for (let round = 0; round < 3; round += 1) await drain();
  server.weather = () => "fine";
  await drain();
  server.weather = () => "lost";
  await post(wanted("act:1"));
  await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(server.done.length + 3));
  await drain();
  const before = server.asked.length;
  await vi.advanceTimersByTimeAsync(15_100);
  await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(before));
  vi.mocked(Math.random).mockRestore();
});

/** One that waits because its first try was lost, and the page's own events. */
async function waitingTab(): Promise<{ app: Awaited<ReturnType<typeof tab>>; events: Map<string, () => void> }> {
  const events = new Map<string, () => void>();
  const listens = (name: string, heard: () => void): void => void events.set(name, heard);
  vi.stubGlobal("document", { visibilityState: "visible", addEventListener: listens });
  vi.stubGlobal("addEventListener", listens);
  vi.stubGlobal("location", { origin: "https://tanba.example" });
  server.weather = () => "lost";
  const app = await tab();
  app.startOutbox();
  await app.post(wanted("act:1"));
  await app.drain();
  server.weather = () => "fine";
  return { app, events };
}

test("what waits goes when the app comes to the front", async () => {
  const { events } = await waitingTab();
  events.get("visibilitychange")?.();
  await vi.waitFor(() => expect(server.done).toHaveLength(1));
});

test("what waits goes when its owner signs in", async () => {
  await waitingTab();
  const { me } = await import("./session");
  me.value = { ...me.value } as never;
  await vi.waitFor(() => expect(server.done).toHaveLength(1));
});

test("what waits goes when the server answers again", async () => {
  await waitingTab();
  const [{ watchNetwork, online }, { call }] = [await import("./network"), await import("../api/client")];
  vi.stubGlobal("navigator", { locks, onLine: false });
  watchNetwork();
  expect(online.value).toBe(false);
  await call("/anything");
  await vi.waitFor(() => expect(server.done.map(({ path }) => path)).toContain("/act:1"));
});

test("a network that comes and goes without letting our own through is not tried each time", async () => {
  const { app } = await waitingTab();
  const [{ watchNetwork }, { call }] = [await import("./network"), await import("../api/client")];
  vi.useFakeTimers({ toFake: ["performance"], now: 60_000 });
  vi.stubGlobal("navigator", { locks, onLine: false });
  watchNetwork();
  const flap = async (): Promise<number> => {
    server.weather = ({ path }) => (path === "/well" ? "fine" : "lost");
    server.asked = [];
    await call("/ill").catch(() => undefined);
    await call("/well");
    await app.look();
    await vi.waitFor(() => expect(app.sending.value).toBeNull());
    return server.asked.filter(({ path }) => path === "/act:1").length;
  };
  expect([await flap(), await flap(), await flap()]).toEqual([1, 0, 0]);
  vi.advanceTimersByTime(5_000);
  expect([await flap(), await flap()]).toEqual([1, 0]);
  vi.advanceTimersByTime(5_000);
  expect(await flap()).toBe(0);
  vi.advanceTimersByTime(10_000);
  expect(await flap()).toBe(1);
});

test("a tab that sends nothing sees what another has done", async () => {
  const { app } = await waitingTab();
  const other = await tab("p2");
  other.startOutbox();
  await other.drain();
  expect(other.outbox.value).toHaveLength(1);
  await app.drain();
  await vi.waitFor(() => expect(other.outbox.value).toEqual([]));
});
