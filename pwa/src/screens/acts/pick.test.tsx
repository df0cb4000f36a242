import { signal } from "@preact/signals";
import prerender from "preact-iso/prerender";
import { beforeAll, expect, test, vi } from "vitest";
import type { StockCard } from "../../api/stock";
import { loadParticipantWords, setLanguage } from "../../i18n";
import { PickHowMany } from "./pick-how-many";

const SHOP = "01SHOP";
const PLACES = new Map([[SHOP, "Shop on Abay street"]]);

beforeAll(async () => {
  vi.stubGlobal("document", { documentElement: {} });
  await setLanguage("en");
  await loadParticipantWords();
});

function heap(place: string | null, count: number, more: Partial<StockCard["heaps"][number]> = {}): StockCard["heaps"][number] {
  return { place_id: place, state: "INTRODUCED", flags: [], standing: "free", packed: false, count, ...more };
}

function card(...heaps: StockCard["heaps"]): StockCard {
  return { card_id: "01CARD", gtin: null, names: { kk: "", ru: "", en: "Boots" }, attributes: { size: "42" }, count: 0, heaps };
}

/** What stands on the sheet, without its tags. */
async function sheet(goods: StockCard, from = ""): Promise<{ words: string; chosen: string; most: string }> {
  const nothing = (): void => undefined;
  const act = (): Promise<never> => Promise.reject(new Error("nobody adds anything here"));
  const { html } = await prerender(
    <PickHowMany card={goods} places={PLACES} place={signal(from)} act={act} onDone={nothing} onClose={nothing} onBack={nothing} />,
  );
  const text = (part: string): string => part.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  return {
    words: text(html),
    chosen: text(/<button[^>]*aria-pressed="true".*?<\/button>/.exec(html)?.[0] ?? ""),
    most: /All \(\d+\)/.exec(html)?.[0] ?? "",
  };
}

const SPREAD = card(heap(SHOP, 3), heap(null, 2), heap(SHOP, 4, { packed: true }), heap(null, 9, { standing: "in_act" }));

test("every place says how many may go from it; what is in an act is nowhere", async () => {
  const { words, chosen, most } = await sheet(SPREAD);
  expect(words).toContain("Boots, 42");
  expect(words).toContain("Shop on Abay street 7");
  expect(words).toContain("Place not given 2");
  expect([chosen, most]).toEqual(["Every place 9", "All (5)"]);
});

test("from a place go its own units alone", async () => {
  const shop = await sheet(SPREAD, SHOP);
  expect([shop.chosen, shop.most]).toEqual(["Shop on Abay street 7", "All (3)"]);
  expect(shop.words).toContain("Loose: 3. In boxes: 4.");
  const nowhere = await sheet(SPREAD, "none");
  expect(nowhere.words).toContain("Loose: 2. In boxes: 0.");
});

test("where all of it lies in one place, there is nothing to choose, and that place is named", async () => {
  const { words, chosen } = await sheet(card(heap(SHOP, 3)));
  expect(chosen).toBe("");
  expect(words).toContain("Shop on Abay street. Loose: 3.");
});

test("a place that has none of this size is passed over", async () => {
  const { chosen } = await sheet(SPREAD, "01ELSEWHERE");
  expect(chosen).toBe("Every place 9");
});
