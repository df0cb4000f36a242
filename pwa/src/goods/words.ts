/** Goods in words: a product with its size, what tells its cards apart, a box by the end of its code. */

import type { Described } from "../api/stock";
import { bySize, differing } from "../domain/stock";
import { lang, t } from "../i18n";
import { groups } from "../store/groups";

/** "42 · black": by which a card of a product is known beside its sisters. */
export function label(card: Described, among: readonly Described[]): string {
  const words = differing(among).map((name) => valueOf(name, card.attributes[name])).filter(Boolean);
  return words.join(" · ") || card.gtin || card.names[lang.value];
}

/** A product with its size. */
export function called({ names, attributes: { size } }: Described): string {
  return typeof size === "string" || typeof size === "number" ? `${names[lang.value]}, ${size}` : names[lang.value];
}

/** What the group calls a value; the value itself where no group knows it. */
function valueOf(name: string, value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") return "";
  for (const { attributes } of groups.value) {
    const choice = attributes.find(({ code }) => code === name)?.choices?.find(({ code }) => code === value);
    if (choice) return choice.names[lang.value];
  }
  return String(value);
}

export function sorted<Card extends Described>(cards: readonly Card[]): Card[] {
  return [...cards].sort(bySize);
}

export function boxTitle({ sscc, level }: { sscc: string; level: number }): string {
  return t(level > 1 ? "stock.pallet_title" : "stock.box_title", { code: sscc.slice(-5) });
}
