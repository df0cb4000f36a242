import { expect, test } from "vitest";
import { available, boxed, bySize, type Described, differing, type Heap, loose, lying, NOWHERE, parts, sizes, undrafted } from "./stock";

function heap(changes: Partial<Heap>): Heap {
  return { place_id: null, standing: "free", packed: false, count: 1, ...changes };
}

function card(attributes: Record<string, string>): Described {
  return { attributes };
}

test("only loose free units may go singly, packed ones go with their box", () => {
  const one = { heaps: [heap({ count: 5 }), heap({ packed: true, count: 7 }), heap({ standing: "in_act", count: 9 })] };
  expect([loose(one), boxed(one)]).toEqual([5, 7]);
});

test("states behind one standing are one line, free goods first", () => {
  const listed = parts([
    heap({ standing: "not_yet", count: 2 }),
    heap({ standing: "not_yet", count: 3 }),
    heap({ place_id: "p", count: 1 }),
    heap({ count: 4 }),
  ]);
  expect(listed).toEqual([
    { standing: "free", place: null, packed: false, count: 4 },
    { standing: "free", place: "p", packed: false, count: 1 },
    { standing: "not_yet", place: null, packed: false, count: 5 },
  ]);
});

test("cards are told apart by size and by what else differs", () => {
  expect(differing([card({ size: "41", colour: "black", model: "A" }), card({ size: "42", colour: "red", model: "A" })])).toEqual(["size", "colour"]);
  expect(differing([card({ size: "41", model: "A" })])).toEqual(["size"]);
  expect(differing([card({ model: "A" })])).toEqual([]);
});

test("sizes stand in the order of their numbers", () => {
  const cards = ["10", "9", "XL", "9"].map((size) => card({ size }));
  expect([...cards].sort(bySize).map(({ attributes }) => attributes.size)).toEqual(["9", "9", "10", "XL"]);
  expect(sizes(cards)).toBe("9, 10, XL");
  expect(sizes(["36", "37", "38", "39", "40"].map((size) => card({ size })))).toBe("36 – 40");
  expect(sizes([card({})])).toBe("");
});

test("what may be sent is counted by place, most first", () => {
  const one = { heaps: [heap({ count: 2 }), heap({ place_id: "p", count: 3 }), heap({ place_id: "p", packed: true }), heap({ place_id: "q", standing: "held", count: 9 })] };
  expect(available(one)).toEqual([
    { place: "p", count: 4 },
    { place: NOWHERE, count: 2 },
  ]);
  expect(["", NOWHERE, "p"].map((place) => loose(lying(one, place)))).toEqual([5, 2, 3]);
});

test("loose units that a draft has are not to be had; boxes are", () => {
  const one = { heaps: [heap({ count: 5 }), heap({ place_id: "p", count: 3 }), heap({ place_id: "p", packed: true, count: 7 })] };
  const left = undrafted(one, [{ place_id: "p", count: 1 }]);
  expect(available(left)).toEqual([{ place: "p", count: 8 }]);
  expect([loose(left), boxed(left)]).toEqual([1, 7]);
});
