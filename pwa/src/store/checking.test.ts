import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ApiError } from "../api/client";
import type { Answer, Question } from "../api/verification";

const verify = vi.fn<(question: Question) => Promise<Answer>>();
vi.mock("../api/verification", () => ({ verify, probe: vi.fn() }));

function answer(outcome: Answer["outcome"], look: Answer["look"]): Answer {
  return {
    outcome,
    look,
    parsed: { kind: "mark", gtin: "04870001234560", serial: "ABC", key_id: null, sscc: null, ais: {} },
    product: null,
    checked_at: new Date().toISOString(),
    advice: `advice.${outcome}`,
    group: null,
    repairs: [],
    problem: null,
    foreign: null,
    event: null,
    package: null,
    seller: null,
    checks: null,
  };
}

const SCAN = { text: "010487000123456021ABC\u001d91TFW1\u001d92SECRET", symbology: "]d2", source: "camera" as const };

const judge = vi.fn<() => Promise<Answer>>();
vi.mock("./offline", () => ({
  judge,
  shownCode: () => "010487000123456021ABC",
}));

/** Of the modules under test: they are loaded anew for every test. */
async function failure(code: string, status: number): Promise<ApiError> {
  const client = await import("../api/client");
  return new client.ApiError(code, status);
}

async function modules(): Promise<{
  checking: typeof import("./checking");
  rechecks: typeof import("./rechecks");
  history: typeof import("./history");
}> {
  return { checking: await import("./checking"), rechecks: await import("./rechecks"), history: await import("./history") };
}

beforeEach(() => {
  vi.resetModules();
  vi.clearAllMocks();
  vi.stubGlobal("indexedDB", new IDBFactory());
  judge.mockImplementation(async () => answer("unknown_offline", "unknown"));
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
});

afterEach(() => vi.useRealTimers());

/** Lets started work come to its end without waiting for clocks. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

describe("with the server", () => {
  test("its answer shows and is remembered without the tail", async () => {
    const { checking, history } = await modules();
    verify.mockResolvedValue(answer("in_circulation", "ok"));
    await checking.check(SCAN);
    expect(checking.showing.value[0]?.check).toMatchObject({ by: "server", pending: false, answer: { outcome: "in_circulation" } });
    const kept = await history.recall();
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain("SECRET");
    expect(verify.mock.calls[0]?.[0]).toMatchObject({ code: SCAN.text, symbology: "]d2", source: "camera" });
  });

  test("several codes show side by side", async () => {
    const { checking } = await modules();
    verify.mockResolvedValueOnce(answer("in_circulation", "ok")).mockResolvedValueOnce(answer("sold", "stop"));
    await Promise.all([checking.check(SCAN), checking.check({ ...SCAN, text: "other" })]);
    expect(checking.showing.value.map(({ check }) => check?.answer.outcome)).toEqual(["in_circulation", "sold"]);
  });

  test("a refusal is no judgement and is not asked again", async () => {
    const { checking, rechecks } = await modules();
    verify.mockRejectedValue(await failure("request.origin", 403));
    const check = await checking.check(SCAN);
    expect(check).toMatchObject({ by: "device", trouble: "request.origin", pending: false });
    await settled();
    await rechecks.count();
    expect(rechecks.queued.value).toBe(0);
  });

  test("is not asked about what cannot be a code", async () => {
    const { checking } = await modules();
    const long = await checking.check({ ...SCAN, text: "ә".repeat(2049) });
    const located = await checking.check({ ...SCAN, text: "", located: true });
    expect(verify).not.toHaveBeenCalled();
    expect(long.answer).toMatchObject({ outcome: "unreadable", problem: "length", look: "unknown" });
    expect(located.answer).toMatchObject({ outcome: "unreadable", problem: "damaged" });
  });
});

describe("without the server", () => {
  test("the device judges, never red, and the question is kept", async () => {
    const { checking, rechecks } = await modules();
    verify.mockRejectedValue(await failure("network.unreachable", 0));
    const check = await checking.check(SCAN);
    expect(check).toMatchObject({ by: "device", pending: true, answer: { look: "unknown" } });
    await settled();
    expect(rechecks.queued.value).toBe(1);
  });

  test("and without the device's own judgement there is still an answer, and it tells nothing", async () => {
    const { checking } = await modules();
    verify.mockRejectedValue(await failure("network.unreachable", 0));
    judge.mockRejectedValue(new Error("chunk missing"));
    const check = await checking.check(SCAN);
    expect(check).toMatchObject({ by: "device", pending: true, answer: { outcome: "unknown_offline", look: "unknown" } });
    expect(JSON.stringify(check)).not.toContain("SECRET");
  });

  test("a slow answer comes after the device's and replaces it on the screen, quietly", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const { checking, rechecks, history } = await modules();
    let late: (answer: Answer) => void = () => undefined;
    verify.mockReturnValue(new Promise((resolve) => (late = resolve)));
    const judged = checking.check(SCAN);
    await vi.advanceTimersByTimeAsync(2500);
    vi.useRealTimers();
    await judged;
    expect(checking.showing.value[0]?.check).toMatchObject({ by: "device", pending: true });
    late(answer("in_circulation", "ok"));
    await settled();
    expect(checking.showing.value[0]?.check).toMatchObject({ by: "server", pending: false, before: { outcome: "unknown_offline" } });
    expect((await history.recall())[0]).toMatchObject({ by: "server", answer: { outcome: "in_circulation" } });
    expect(rechecks.refined.value).toBeNull();
  });
});

describe("when the server is back", () => {
  async function offlineChecks(texts: readonly string[]): Promise<Awaited<ReturnType<typeof modules>>> {
    const all = await modules();
    verify.mockRejectedValue(await failure("network.unreachable", 0));
    for (const text of texts) {
      await all.checking.check({ ...SCAN, text });
      await settled();
    }
    all.checking.close();
    verify.mockReset();
    return all;
  }

  test("what waited is asked oldest first, the history follows and the news are counted", async () => {
    const { rechecks, history } = await offlineChecks(["first", "second"]);
    verify.mockResolvedValue(answer("in_circulation", "ok"));
    await rechecks.runRechecks();
    expect(verify.mock.calls.map(([question]) => question.code)).toEqual(["first", "second"]);
    expect(rechecks.refined.value).toMatchObject({ count: 2, stops: [] });
    expect(rechecks.queued.value).toBe(0);
    expect((await history.recall()).map(({ by, before }) => [by, before?.outcome])).toEqual([
      ["server", "unknown_offline"],
      ["server", "unknown_offline"],
    ]);
  });

  test("goods that turn out refused are named among the news", async () => {
    const { rechecks } = await offlineChecks(["first", "second"]);
    verify.mockResolvedValueOnce(answer("in_circulation", "ok")).mockResolvedValueOnce(answer("forged", "stop"));
    await rechecks.runRechecks();
    expect(rechecks.refined.value?.count).toBe(2);
    expect(rechecks.refined.value?.stops.map(({ answer: { outcome } }) => outcome)).toEqual(["forged"]);
  });

  test("goods that the device refused already are no news", async () => {
    judge.mockImplementation(async () => answer("withdrawn", "stop"));
    const { rechecks } = await offlineChecks(["first"]);
    verify.mockResolvedValue(answer("blocked", "stop"));
    await rechecks.runRechecks();
    expect(rechecks.refined.value).toMatchObject({ count: 1, stops: [] });
  });

  test("what is no mark is not asked about", async () => {
    judge.mockImplementation(async () => answer("not_a_mark", "unknown"));
    const { rechecks, history } = await offlineChecks(["https://shop.example"]);
    await rechecks.count();
    expect(rechecks.queued.value).toBe(0);
    expect((await history.recall())[0]).toMatchObject({ pending: false });
  });

  test("a network that dies again stops the run and loses nothing", async () => {
    const { rechecks } = await offlineChecks(["first", "second", "third"]);
    verify.mockResolvedValueOnce(answer("sold", "stop")).mockRejectedValue(await failure("network.unreachable", 0));
    await rechecks.runRechecks();
    expect(verify).toHaveBeenCalledTimes(2);
    expect(rechecks.queued.value).toBe(2);
  });

  test("a question that the server will never take is dropped, the others go on", async () => {
    const { rechecks, history } = await offlineChecks(["first", "second"]);
    verify.mockRejectedValueOnce(await failure("verification.code_too_long", 413)).mockResolvedValueOnce(answer("sold", "stop"));
    await rechecks.runRechecks();
    expect(rechecks.queued.value).toBe(0);
    expect((await history.recall()).map(({ by }) => by).sort()).toEqual(["device", "server"]);
  });

  test("two runs at once ask each question once", async () => {
    const { rechecks } = await offlineChecks(["first"]);
    verify.mockResolvedValue(answer("in_circulation", "ok"));
    await Promise.all([rechecks.runRechecks(), rechecks.runRechecks()]);
    expect(verify).toHaveBeenCalledTimes(1);
    expect(rechecks.refined.value?.count).toBe(1);
  });

  test("an entry that was erased meanwhile stays erased", async () => {
    const { rechecks, history } = await offlineChecks(["first"]);
    await history.forgetAll();
    verify.mockResolvedValue(answer("in_circulation", "ok"));
    await rechecks.runRechecks();
    expect(verify).not.toHaveBeenCalled();
    expect(await history.recall()).toEqual([]);
  });
});
