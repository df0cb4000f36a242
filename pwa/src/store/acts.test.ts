import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Act, type ActRow, EVERYTHING } from "../api/acts";

const ACT = { id: "act", state: "viewed", ours: "receiver", version: 3, sha256: "aa", units: 2, lines: [], packages: ["1"] } as unknown as Act;

/** Answers the one act with two pages of one unit each; `asked` are the addresses. */
let asked: string[] = [];
let state = "viewed";

const fetched = async (path: string): Promise<Response> => {
  asked.push(path);
  const unit = (code: string): unknown => ({ code, card_id: "card", package: "1", packages: ["1", "2"] });
  const body = !path.includes("/units")
    ? { ...ACT, state }
    : path.includes("cursor=two") ? { units: [unit("b")], next: null } : { units: [unit("a")], next: "two" };
  return new Response(JSON.stringify(body), { status: 200 });
};

/** A fresh load of the app over the same device. */
async function load(organisation = "o1"): Promise<typeof import("./acts")> {
  vi.resetModules();
  const session = await import("./session");
  session.me.value = { person: { id: "p" }, organisation: { id: organisation }, permissions: ["acts:sign"] } as never;
  return import("./acts");
}

beforeEach(() => {
  asked = [];
  state = "viewed";
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  vi.stubGlobal("fetch", fetched);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("an act that was opened is there without network, for its own organisation alone", async () => {
  await (await load()).fetchAct("act");
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
  const { recallAct, fetchAct } = await load();
  await expect(fetchAct("act")).rejects.toMatchObject({ status: 0 });
  expect((await recallAct("act"))?.act).toEqual(ACT);
  expect(await (await load("o2")).recallAct("act")).toBeUndefined();
});

test("acts that wait are brought onto the device without telling the sender that somebody looked", async () => {
  state = "sent";
  const { keepForOffline, recallAct } = await load();
  const rows = [{ ...ACT, state: "sent" }, { ...ACT, id: "closed", state: "accepted" }, { ...ACT, id: "huge", units: 99_999 }] as unknown as ActRow[];
  await keepForOffline(rows);
  expect(asked).toEqual(["/api/v1/acts/act", "/api/v1/acts/act/units?limit=1000", "/api/v1/acts/act/units?limit=2000&cursor=two"]);
  expect((await recallAct("act"))?.act.state).toBe("sent");
  await keepForOffline(rows);
  expect(asked).toHaveLength(3);
});

test("an act that was corrected since it was kept is brought again", async () => {
  const { keepForOffline, recallAct } = await load();
  await keepForOffline([{ ...ACT, state: "sent" }] as unknown as ActRow[]);
  const before = asked.length;
  await keepForOffline([{ ...ACT, state: "sent", changed_at: "2026-11-22T10:00:00Z" }] as unknown as ActRow[]);
  expect(asked.slice(before)).toContain("/api/v1/acts/act");
  expect(await recallAct("act")).toBeDefined();
});

test("the first look of a receiver is told, later ones are not", async () => {
  state = "sent";
  const { fetchAct } = await load();
  await fetchAct("act");
  state = "viewed";
  await fetchAct("act");
  expect(asked).toEqual(["/api/v1/acts/act", "/api/v1/acts/act/view", "/api/v1/acts/act"]);
});

test("scans come back after a reload in their order, and go once the decision was taken", async () => {
  const { keepScan } = await load();
  for (const code of ["c", "a", "b"]) await keepScan("act", code);
  await keepScan("other", "x");
  const again = await load();
  expect((await again.scansOf("act")).map(({ code }) => code)).toEqual(["c", "a", "b"]);
  expect(await (await load("o2")).scansOf("act")).toEqual([]);
  state = "accepted";
  const { scansOf, recallAct } = await load();
  const { post, drain } = await import("./outbox");
  await post({ subject: "act:act", kind: "decide", path: "/api/v1/acts/act/decision", method: "POST", body: {} });
  await drain();
  expect([(await scansOf("act")).length, (await scansOf("other")).length]).toEqual([0, 1]);
  expect((await recallAct("act"))?.act.state).toBe("accepted");
});

test("lists are told of changes and not of looks", async () => {
  const { keepAct, actsVersion } = await load();
  await keepAct(ACT);
  const before = actsVersion.value;
  await keepAct({ ...ACT });
  expect(actsVersion.value).toBe(before);
  await keepAct({ ...ACT, version: 4 });
  expect(actsVersion.value).toBe(before + 1);
});

test("what was asked before a step and is answered after it does not undo the step", async () => {
  const { fetchAct, keepAct, recallAct } = await load();
  let begun = false;
  let answer = (): void => undefined;
  vi.stubGlobal("fetch", async (path: string) => {
    await new Promise<void>((resolve) => {
      answer = resolve;
      begun = true;
    });
    return fetched(path);
  });
  const looking = fetchAct("act");
  await vi.waitUntil(() => begun);
  const taken = { ...ACT, version: 4, state: "accepted" } as Act;
  await keepAct(taken);
  answer();
  expect(await looking).toEqual(taken);
  expect((await recallAct("act"))?.act).toEqual(taken);
});

test("a server that was put back to an earlier day is believed when it is asked again", async () => {
  const { fetchAct, keepAct, recallAct } = await load();
  await keepAct({ ...ACT, version: 9 });
  vi.setSystemTime(Date.now() + 1_000);
  expect((await fetchAct("act")).version).toBe(3);
  expect((await recallAct("act"))?.act.version).toBe(3);
});

test("another organisation on this device is shown its own view, however old", async () => {
  await (await load()).keepAct({ ...ACT, version: 9 });
  const { keepAct, recallAct } = await load("o2");
  await keepAct(ACT);
  expect((await recallAct("act"))?.act.version).toBe(3);
});

test("an answer that was repeated late does not hide what came after it", async () => {
  const { keepAct, recallAct } = await load();
  await keepAct({ ...ACT, version: 9 });
  const { post, drain } = await import("./outbox");
  await post({ subject: "act:act", kind: "clarify", path: "/api/v1/acts/act/clarify", method: "POST", body: {} });
  await drain();
  expect((await recallAct("act"))?.act.version).toBe(9);
});

test("without network the lists on the device are searched, by number, by name in any language, by the beginning of a number", async () => {
  const party = (name: string, tax: string): unknown => ({ id: name, name, tax_number: tax, names: { kk: `«${name}» ЖШС`, ru: name, en: name } });
  const rows = [
    { ...ACT, id: "2", number: "Ка-17", state: "sent", sent_at: "2026-10-31T19:00:00Z", transfer_date: "2026-10-30", sender: party("Дос", "210540000050"), receiver: party("Мы", "1") },
    { ...ACT, id: "1", number: "Б-3", state: "accepted", sent_at: null, transfer_date: "2026-10-31", sender: party("Зере", "850101300017"), receiver: party("Мы", "1") },
  ] as unknown as ActRow[];
  const { searchLists } = await load();
  const { onDevice } = await import("./db");
  await onDevice((db) => db.put("actLists", { id: "o1:in:all", at: 1, acts: rows, next: null }), "");
  await onDevice((db) => db.put("actLists", { id: "o1:in:active", at: 1, acts: rows.slice(0, 1), next: null }), "");
  const found = async (text: string, states: ActRow["state"][] = [], days = {}): Promise<string[]> => (await searchLists("in", ["active", "all"], states, { ...EVERYTHING, text, ...days })).map(({ id }) => id);
  expect([await found("ка-1"), await found("зере"), await found("жшс"), await found("2105"), await found("540000050")]).toEqual([["2"], ["1"], ["2", "1"], ["2"], []]);
  expect(await found("", ["accepted"])).toEqual(["1"]);
  expect([await found("", [], { from: "2026-11-01" }), await found("", [], { to: "2026-10-31" })]).toEqual([["2"], ["1"]]);
  expect(await found("", [], { from: "2026-10-31", to: "2026-11-01" })).toEqual(["2", "1"]);
});
