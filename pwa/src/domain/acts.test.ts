import { describe, expect, test } from "vitest";
import { acceptAll, acceptFound, NOTHING_SAID, rejectAll, said } from "./act-decision";
import { Reconciliation, type Unit } from "./acts";

const BOX = (n: number): string => String(n).padStart(18, "0");
const CODE = (n: number): string => `010487000123456021${String(n).padStart(8, "0")}`;
const unit = (n: number, boxes: readonly number[], card = "shoe"): Unit => ({ code: CODE(n), card, boxes: boxes.map(BOX) });

/** Two boxes of two, and a loose unit. */
const SMALL = [unit(1, [1]), unit(2, [1]), unit(3, [2], "boot"), unit(4, [2]), unit(5, [])];
/** A pallet 9 of the case 8, which holds the boxes 1 and 2, and of the box 3; and a unit that lies on the pallet itself. */
const NESTED = [unit(1, [1, 8, 9]), unit(2, [1, 8, 9]), unit(3, [2, 8, 9]), unit(4, [3, 9]), unit(5, [9]), unit(6, [])];

function scanned(act: readonly Unit[], codes: readonly string[]): Reconciliation {
  const seen = new Reconciliation(act);
  for (const code of codes) seen.scan(code);
  return seen;
}

/** Numbers that look random and come again with the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 48_271 + 1;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

/** Boxes of which some lie in cases, of which some lie on a pallet. */
function randomAct(next: (below: number) => number): { act: Unit[]; all: string[] } {
  const boxes = next(6);
  const around = Array.from({ length: boxes }, () => [[], [50], [51], [50, 60]][next(4)] ?? []);
  const chain = (): number[] => {
    if (boxes === 0 || next(4) === 0) return [];
    const box = next(boxes);
    return next(9) === 0 ? (around[box] ?? []) : [box, ...(around[box] ?? [])];
  };
  // A case lies on one pallet or on none, never on both.
  const fitted = (one: number[]): number[] => (one.includes(50) ? [...one.filter((box) => box !== 60), 60] : one);
  const units = Array.from({ length: 1 + next(40) }, (_, n) => unit(n, fitted(chain()), `card${next(3)}`));
  const packages = [...new Set(units.flatMap((one) => one.boxes))];
  const strangers = Array.from({ length: next(4) }, (_, n) => CODE(900 + n));
  return { act: units, all: [...units.map(({ code }) => code), ...packages.map((box) => `00${box}`), ...strangers, `00${BOX(77)}`] };
}

function shuffled<T>(list: readonly T[], next: (below: number) => number): T[] {
  const left = [...list];
  return list.map(() => left.splice(next(left.length), 1)[0] as T);
}

describe("one scan", () => {
  test("a unit is found once, then it is a repeat", () => {
    const seen = new Reconciliation(SMALL);
    expect(seen.scan(CODE(5))).toEqual({ kind: "found", unit: SMALL[4] });
    expect(seen.scan(CODE(5))).toEqual({ kind: "duplicate", box: null });
    expect([seen.found, seen.expected]).toEqual([1, 5]);
  });

  test("a box stands for all that lies in it", () => {
    const seen = new Reconciliation(SMALL);
    expect(seen.scan(`00${BOX(1)}`)).toEqual({ kind: "box", box: BOX(1), fresh: 2, inner: 0 });
    expect(seen.scan(CODE(2))).toEqual({ kind: "duplicate", box: BOX(1) });
    expect(seen.missing(BOX(1))).toEqual([]);
  });

  test("a unit scanned inside a closed box counts in it, and the box then brings the rest", () => {
    const seen = scanned(SMALL, [CODE(1)]);
    expect(seen.lines[0]).toMatchObject({ id: BOX(1), kind: "box", expected: 2, found: 1 });
    expect(seen.scan(`00${BOX(1)}`)).toEqual({ kind: "box", box: BOX(1), fresh: 1, inner: 0 });
    expect(seen.scan(`00${BOX(1)}`)).toEqual({ kind: "duplicate", box: BOX(1) });
  });

  test("what the act does not name is extra, and counted once", () => {
    const seen = new Reconciliation(SMALL);
    expect(seen.scan(CODE(9))).toEqual({ kind: "extra", first: true });
    expect(seen.scan(CODE(9))).toEqual({ kind: "extra", first: false });
    expect(seen.scan(`00${BOX(9)}`)).toEqual({ kind: "extra", first: true });
    expect(seen.extra).toEqual([CODE(9), `00${BOX(9)}`]);
    expect(seen.found).toBe(0);
  });

  test("a pallet stands for every box in it, at any depth, and for what lies on it loose", () => {
    const seen = scanned(NESTED, [CODE(1)]);
    expect(seen.scan(`00${BOX(8)}`)).toEqual({ kind: "box", box: BOX(8), fresh: 2, inner: 2 });
    expect(seen.scan(`00${BOX(2)}`)).toEqual({ kind: "duplicate", box: BOX(2) });
    expect(seen.scan(`00${BOX(9)}`)).toEqual({ kind: "box", box: BOX(9), fresh: 2, inner: 4 });
    expect(seen.scan(`00${BOX(9)}`)).toEqual({ kind: "duplicate", box: BOX(9) });
    expect([seen.found, seen.missing()]).toEqual([5, [CODE(6)]]);
  });

  test("what is missing from one box of a pallet is that box's alone", () => {
    const seen = scanned(NESTED, [CODE(1), `00${BOX(2)}`, `00${BOX(3)}`, CODE(5), CODE(6)]);
    expect(seen.missing(BOX(1))).toEqual([CODE(2)]);
    expect([seen.lineCount(true), seen.lineCount(false), seen.line(0, false)?.id]).toEqual([4, 1, BOX(1)]);
    expect(seen.lineCalled(BOX(1))).toMatchObject({ around: BOX(8), found: 1, expected: 2 });
    expect(seen.lineCalled(BOX(9))).toMatchObject({ around: null, found: 1, expected: 1 });
    expect([seen.lineCalled(BOX(8)), seen.codes(BOX(8))]).toEqual([undefined, []]);
  });

  test("progress is counted by product, and a mixed box has none of its own", () => {
    const seen = scanned(SMALL, [`00${BOX(2)}`]);
    expect(Object.fromEntries(seen.products)).toEqual({ shoe: { expected: 4, found: 1 }, boot: { expected: 1, found: 1 } });
    expect(seen.lines.map(({ card }) => card)).toEqual(["shoe", null, "shoe"]);
  });
});

describe("whatever is scanned, in whatever order", () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))("the counts agree (%i)", (seed) => {
    const next = numbers(seed + 1);
    const { act, all } = randomAct(next);
    const codes = Array.from({ length: next(60) }, () => all[next(all.length)] ?? "");
    const seen = scanned(act, codes);
    const again = scanned(act, shuffled(codes, next));
    expect(seen.found + seen.missing().length).toBe(seen.expected);
    expect(again.missing().sort()).toEqual(seen.missing().sort());
    expect([...again.extra].sort()).toEqual([...seen.extra].sort());
    expect(scanned(act, [...codes, ...codes]).found).toBe(seen.found);
    const sums = (rows: Iterable<{ expected: number; found: number }>): number[] =>
      [...rows].reduce(([e = 0, f = 0], row) => [e + row.expected, f + row.found], [0, 0]);
    expect(sums(seen.products.values())).toEqual([seen.expected, seen.found]);
    expect(sums(seen.lines)).toEqual([seen.expected, seen.found]);
    for (const found of [true, false]) {
      const told = Array.from({ length: seen.lineCount(found) }, (_, k) => seen.line(k, found)?.id);
      expect(told).toEqual(seen.lines.filter((line) => (line.found === line.expected) === found).map(({ id }) => id));
    }
    const inAct = new Set(act.map(({ code }) => code));
    expect(seen.extra.filter((code) => inAct.has(code))).toEqual([]);
  });

  test.each(Array.from({ length: 30 }, (_, seed) => seed))("the model of plain sets says the same (%i)", (seed) => {
    const next = numbers(seed + 501);
    const { act, all } = randomAct(next);
    const codes = Array.from({ length: next(30) }, () => all[next(all.length)] ?? "");
    const found = act.filter(({ code, boxes }) => [code, ...boxes.map((box) => `00${box}`)].some((one) => codes.includes(one)));
    expect(scanned(act, codes).found).toBe(found.length);
  });

  test("50 000 units in 1 000 boxes are told apart without searching", () => {
    const units = Array.from({ length: 50_000 }, (_, n) => unit(n, [n % 1_000, 5_000 + (n % 10)]));
    const seen = new Reconciliation(units);
    for (let n = 0; n < 50_000; n += 2) seen.scan(CODE(n));
    expect([seen.found, seen.missing().length, seen.lines.length]).toEqual([25_000, 25_000, 1_000]);
    for (let n = 0; n < 1_000; n += 1) seen.scan(`00${BOX(n)}`);
    expect(seen.missing()).toEqual([]);
  });
});

describe("the decision", () => {
  test("all on trust, by sample, or checked", () => {
    expect(acceptAll(5, 0, "here")).toEqual({ mode: "trust", rejected: [], extra: [], sampled: 0, all_rejected: false, place_id: "here" });
    expect(acceptAll(5, 2, null)).toMatchObject({ mode: "sample", sampled: 2 });
    expect(acceptAll(5, 5, null)).toMatchObject({ mode: "full", sampled: 0 });
  });

  test("what was not found is refused with one reason, which a line may change", () => {
    const seen = scanned(SMALL, [CODE(1), `00${BOX(2)}`, CODE(9)]);
    const decision = acceptFound(seen, { ...NOTHING_SAID, lines: { [CODE(5)]: { reason: "other", words: " lost on the way " } } }, "here");
    expect(decision).toMatchObject({ mode: "full", extra: [CODE(9)], all_rejected: false, place_id: "here" });
    expect(decision.rejected).toEqual([
      { code: CODE(2), reason: "missing", words: "" },
      { code: CODE(5), reason: "other", words: "lost on the way" },
    ]);
  });

  test("a line that came may be refused all the same, each unit once", () => {
    const seen = scanned(SMALL, [CODE(1), `00${BOX(2)}`, CODE(5)]);
    const damaged = { reason: "damaged", words: "" } as const;
    const { rejected } = acceptFound(seen, { ...NOTHING_SAID, refused: { [BOX(1)]: damaged, [CODE(5)]: damaged } }, null);
    expect(rejected.map(({ code, reason }) => [code, reason])).toEqual([[CODE(1), "damaged"], [CODE(2), "damaged"], [CODE(5), "damaged"]]);
  });

  test("nothing is taken: with a reason for each where the contents are known", () => {
    expect(rejectAll(null, { reason: "not_ordered", words: "" })).toMatchObject({ all_rejected: true, rejected: [] });
    const decision = rejectAll(scanned(SMALL, []), { reason: "not_ordered", words: "" });
    expect([decision.all_rejected, decision.rejected.length]).toEqual([false, 5]);
  });

  test("only other needs words", () => {
    expect([said({ reason: "missing", words: "" }), said({ reason: "other", words: " " }), said({ reason: "other", words: "wet" })]).toEqual([true, false, true]);
  });
});
