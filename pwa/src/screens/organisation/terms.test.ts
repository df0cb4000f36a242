import { expect, test } from "vitest";
import type { Place } from "../../api/organisation";
import { options, reached, tied } from "../../store/places";
import { fresh, sent, whole } from "./terms";

const place = (id: string, mine: boolean): Place => ({
  id,
  kind: "warehouse",
  names: { kk: `${id} қойма`, ru: `склад ${id}`, en: `store ${id}` },
  address: { region: "", locality: "Алматы", line: "Абай даңғылы, 1" },
  main: false,
  gln: null,
  bin: null,
  blocked: false,
  reached: mine,
  version: 1,
});

test("whoever works everywhere entrusts everywhere, unless they choose", () => {
  const all = [place("a", true), place("b", true)];
  expect(tied(all)).toBe(false);
  expect(sent(fresh(all)).place_ids).toEqual([]);
});

test("whoever is tied to places is offered these alone, and entrusts them from the start", () => {
  const all = [place("a", true), place("b", false), place("c", true)];
  expect(tied(all)).toBe(true);
  expect(options(reached(all), "kk")).toEqual([
    { value: "a", text: "a қойма" },
    { value: "c", text: "c қойма" },
  ]);
  expect(sent(fresh(all)).place_ids).toEqual(["a", "c"]);
  const typed = { ...fresh(all), functions: ["acts" as const] };
  expect(whole(typed, all)).toBe(true);
  expect(whole({ ...typed, places: [] }, all)).toBe(false);
  expect(whole({ ...typed, places: [] }, all, ["b"])).toBe(false);
  expect(whole({ ...typed, places: [] }, all, []), "who worked everywhere before still does").toBe(true);
});
