import { expect, test, vi } from "vitest";
import { bodies, freshDevice, locks, server, tab, wanted } from "./outbox.testing";

freshDevice();

test("what was done is on the device before it counts as saved, and leaves it once the server has it", async () => {
  server.weather = () => "lost";
  const { post, outbox, drain, unsent } = await tab();
  const saved = await post(wanted("act:1"));
  expect(outbox.value).toMatchObject([{ seq: saved.seq, key: saved.key, refused: null }]);
  expect(unsent.value).toBe(1);
  await drain();
  server.weather = () => "fine";
  await drain();
  expect(outbox.value).toEqual([]);
  expect(server.done).toHaveLength(1);
});

test("nothing is called saved where the device keeps nothing", async () => {
  const { post } = await tab();
  vi.stubGlobal("indexedDB", { open: () => { throw new Error("private window"); } });
  await expect(post(wanted("act:1"))).rejects.toMatchObject({ code: "device.not_saved" });
  expect(server.asked).toEqual([]);
});

test("killed between writing and sending, it is sent at the next start, under the same key", async () => {
  server.weather = () => "hangs";
  const { key } = await (await tab()).post(wanted("act:1", "first"));
  await vi.waitFor(() => expect(server.asked).toHaveLength(1));
  locks.kill();
  server.weather = () => "fine";
  const next = await tab();
  next.startOutbox();
  await next.drain();
  expect(server.done).toMatchObject([{ key, body: { n: "first" } }]);
  expect(next.outbox.value).toEqual([]);
});

test("an answer that was lost is asked for again and nothing is done twice", async () => {
  let first = true;
  server.weather = () => (first ? "unanswered" : "fine");
  const { post, drain, outbox } = await tab();
  await post(wanted("act:1"));
  await drain();
  expect(outbox.value).toHaveLength(1);
  first = false;
  await drain();
  expect(server.asked.length).toBeGreaterThan(1);
  expect([server.done.length, outbox.value.length]).toEqual([1, 0]);
});

test("a refusal parks it with its reason and holds up its own subject alone", async () => {
  server.weather = ({ body }) => ((body as { n: number }).n === 1 ? 409 : "fine");
  const { post, drain, drop, outbox } = await tab();
  for (const [subject, n] of [["act:1", 1], ["act:1", 2], ["act:2", 3]] as const) await post(wanted(subject, n));
  await drain();
  expect(bodies(server.done)).toEqual([3]);
  expect(outbox.value.map(({ refused }) => refused)).toEqual([{ code: "test.refused_409", params: { why: 1 } }, null]);
  await drop(outbox.value[0]?.seq ?? 0);
  await drain();
  expect(bodies(server.done)).toEqual([3, 2]);
});

test("a refused one goes again under its old key when the person says so", async () => {
  server.weather = () => 409;
  const { post, drain, outbox, retry } = await tab();
  const { key, seq } = await post(wanted("act:1"));
  await drain();
  server.weather = () => "fine";
  await retry(seq);
  await drain();
  expect(outbox.value).toEqual([]);
  expect(server.done[0]?.key).toBe(key);
});

test("everything of one subject arrives in the order of doing, also when the first is slow", async () => {
  let failures = 2;
  server.weather = ({ path }) => (path === "/act:1" && failures-- > 0 ? 500 : "fine");
  const { post, drain } = await tab();
  for (let n = 1; n <= 4; n += 1) await post(wanted("act:1", n));
  await post(wanted("act:2", 9));
  for (let round = 0; round < 4; round += 1) await drain();
  expect(bodies(server.done.filter(({ path }) => path === "/act:1"))).toEqual([1, 2, 3, 4]);
  expect(bodies(server.done)[0]).toBe(9);
});

test("while nobody is signed in nothing is sent, and nobody sends for another", async () => {
  server.weather = () => 401;
  const { post, drain, outbox } = await tab("p1");
  await post(wanted("act:1"));
  await drain();
  expect(outbox.value).toMatchObject([{ refused: null }]);
  server.weather = () => "fine";
  const others = await tab("p2");
  await others.drain();
  expect([server.done.length, others.unsent.value, others.outbox.value.length]).toEqual([0, 0, 1]);
  const own = await tab("p1");
  await own.drain();
  expect(server.done).toHaveLength(1);
});

test("it is tried again by itself after a pause", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server.weather = () => "lost";
  const { post, drain, startOutbox } = await tab();
  startOutbox();
  await post(wanted("act:1"));
  await drain();
  const asked = (): number => server.asked.filter(({ path }) => path === "/act:1").length;
  const before = asked();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(asked()).toBe(before);
  await vi.advanceTimersByTimeAsync(60_200);
  await vi.waitFor(() => expect(asked()).toBeGreaterThan(before));
});

test("what the server took is handed on before it is forgotten", async () => {
  const { post, drain, onTaken, outbox } = await tab();
  const heard: unknown[] = [];
  onTaken("act", async (operation, answer) => void heard.push([operation.subject, answer, outbox.value.length]));
  await post(wanted("act:1"));
  await drain();
  expect(heard).toEqual([["act:1", { done: 1 }, 1]]);
});

test("two tabs send each thing once, and one sees what the other did", async () => {
  const one = await tab();
  one.startOutbox();
  const two = await tab();
  two.startOutbox();
  server.weather = () => "lost";
  await one.post(wanted("act:1", 1));
  await vi.waitFor(() => expect(two.outbox.value).toHaveLength(1));
  server.weather = () => "fine";
  await two.post(wanted("act:1", 2));
  await Promise.all([one.drain(), two.drain()]);
  expect(bodies(server.done)).toEqual([1, 2]);
  await vi.waitFor(() => expect([one.outbox.value.length, two.outbox.value.length]).toEqual([0, 0]));
});

test("killed tabs, a flapping network and lost answers lose nothing and double nothing", async () => {
  let state = 7;
  const next = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  const bad = new Set<number>();
  let calm = false;
  server.weather = ({ body }) => {
    const { n } = body as { n: number };
    if (bad.has(n)) return 409;
    if (calm) return "fine";
    return (["fine", "fine", "fine", "lost", "unanswered", 500, 503, "hangs"] as const)[next(8)] ?? "fine";
  };
  let tabs = [await tab(), await tab()];
  for (let n = 0; n < 200; n += 1) {
    if (next(25) === 0) bad.add(n);
    const at = next(2);
    await tabs[at]?.post(wanted(`act:${n % 7}`, n));
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (next(4) === 0) {
      locks.kill();
      tabs = [await tab(), await tab()];
    }
    const hung = server.asked.length;
    void tabs[next(2)]?.drain();
    if (next(3) === 0) await vi.waitFor(() => expect(server.asked.length).toBeGreaterThanOrEqual(hung));
  }
  calm = true;
  for (let round = 0; round < 40; round += 1) {
    locks.kill();
    const last = await tab();
    await last.drain();
    for (const one of last.outbox.value) if (one.refused) await last.drop(one.seq);
    await last.drain();
    if (last.outbox.value.length === 0) break;
  }
  const did = bodies(server.done) as number[];
  expect([...did].sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n).filter((n) => !bad.has(n)));
  for (let subject = 0; subject < 7; subject += 1) {
    const own = did.filter((n) => n % 7 === subject);
    expect(own).toEqual([...own].sort((a, b) => a - b));
  }
}, 60_000);
