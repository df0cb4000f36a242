/** Goods, states and boxes in words. */

import type { CodeState, Described, Standing, StockCode } from "../../api/stock";
import { bySize, differing } from "../../domain/stock";
import { hasWords, lang, t } from "../../i18n";
import { groups } from "../../store/groups";
import type { Tone } from "../../ui/list";

export const TONES: Record<Standing, Tone> = { free: "ok", in_act: "brand", held: "stop", not_yet: "care", gone: "quiet" };

export const STATES: readonly CodeState[] = ["EMITTED", "RECEIVED", "APPLIED", "INTRODUCED", "WITHDRAWN", "WRITTEN_OFF", "CANCELLED"];

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

export function stateWords({ state, flags }: Pick<StockCode, "state" | "flags">): string {
  const beside = flags.map((flag) => `stock.flag_${flag}`).filter(hasWords).map((key) => t(key));
  return [t(`stock.state_${state}`), ...beside].join(", ");
}

/** The end of a code, by which it is found on the label. */
export const tail = (code: string): string => code.slice(-8);

export function boxTitle({ sscc, level }: { sscc: string; level: number }): string {
  return t(level > 1 ? "stock.pallet_title" : "stock.box_title", { code: sscc.slice(-5) });
}

export const codeHref = (code: string): string => `/stock/codes/${encodeURIComponent(code)}`;
export const boxHref = (sscc: string): string => `/stock/boxes/${sscc}`;
