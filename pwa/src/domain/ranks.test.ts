import { expect, test } from "vitest";
import { Ranks } from "./ranks";

test.each([0, 1, 2, 3, 7, 8, 9, 100])("says which is the k-th that is set and that is not, of %i", (size) => {
  const ranks = new Ranks(size);
  const set = new Set<number>();
  const compare = (): void => {
    const places = Array.from({ length: size }, (_, at) => at);
    const of = (isSet: boolean): number[] => places.map((k) => ranks.place(k, isSet)).filter((at) => at >= 0);
    expect(of(true)).toEqual(places.filter((at) => set.has(at)));
    expect(of(false)).toEqual(places.filter((at) => !set.has(at)));
    expect(ranks.set).toBe(set.size);
    expect([ranks.place(-1, true), ranks.place(size, false)]).toEqual([-1, -1]);
  };
  compare();
  for (let turn = 0; turn < size; turn += 1) {
    const at = (turn * 37) % size;
    ranks.mark(at);
    ranks.mark(at);
    set.add(at);
    if (turn % 5 === 0) compare();
  }
  compare();
});
