/** Stock as people ask about it: which sizes there are, how many may be sold, where they lie. Pure. */

/** What one can do with codes: hand over, wait for a receiver, nothing while held, nothing yet, nothing any more. */
export type Standing = "free" | "in_act" | "held" | "not_yet" | "gone";

/** Codes of a card that are alike. */
export interface Heap {
  standing: Standing;
  place_id: string | null;
  packed: boolean;
  count: number;
}

/** Goods as their card describes them. */
export interface Described {
  attributes: Readonly<Record<string, unknown>>;
}

/** The order in which standings are told. */
export const STANDINGS: readonly Standing[] = ["free", "in_act", "held", "not_yet", "gone"];

export interface Part {
  standing: Standing;
  place: string | null;
  packed: boolean;
  count: number;
}

/** Counts of like codes put together where only the state behind one standing differs. */
export function parts(heaps: readonly Heap[]): Part[] {
  const found = new Map<string, Part>();
  for (const { standing, place_id: place, packed, count } of heaps) {
    const name = `${standing} ${place} ${packed}`;
    const known = found.get(name);
    if (known) known.count += count;
    else found.set(name, { standing, place, packed, count });
  }
  const rank = ({ standing, packed }: Part): number => STANDINGS.indexOf(standing) * 2 + Number(packed);
  return [...found.values()].sort((one, other) => rank(one) - rank(other) || other.count - one.count);
}

/** What the API calls the place of goods that were put nowhere; an empty word is every place. */
export const NOWHERE = "none";

/** Goods that may be sent from one place. */
export interface Available {
  /** As the API names it. */
  place: string;
  count: number;
}

/** Where what may be sent lies, most of it first. */
export function available({ heaps }: { heaps: readonly Heap[] }): Available[] {
  const found = new Map<string, number>();
  for (const { standing, place_id: place, count } of heaps) {
    if (standing === "free") found.set(place ?? NOWHERE, (found.get(place ?? NOWHERE) ?? 0) + count);
  }
  return [...found].map(([place, count]) => ({ place, count })).sort((one, other) => other.count - one.count || one.place.localeCompare(other.place, "en"));
}

/** The same goods with only so many loose units that may be sent: those that no draft has. */
export function undrafted(goods: { heaps: readonly Heap[] }, left: readonly { place_id: string | null; count: number }[]): { heaps: Heap[] } {
  const others = goods.heaps.filter(({ standing, packed }) => standing !== "free" || packed);
  return { heaps: [...others, ...left.map(({ place_id, count }): Heap => ({ place_id, count, standing: "free", packed: false }))] };
}

/** The same goods as far as they lie in one place, or all of them. */
export function lying({ heaps }: { heaps: readonly Heap[] }, place: string): { heaps: Heap[] } {
  return { heaps: heaps.filter(({ place_id: id }) => !place || (id ?? NOWHERE) === place) };
}

/** Loose units that may be sent at once. */
export function loose({ heaps }: { heaps: readonly Heap[] }): number {
  return sum(heaps.filter(({ standing, packed }) => standing === "free" && !packed));
}

/** Units that may be sent with the box around them. */
export function boxed({ heaps }: { heaps: readonly Heap[] }): number {
  return sum(heaps.filter(({ standing, packed }) => standing === "free" && packed));
}

function sum(counts: readonly { count: number }[]): number {
  return counts.reduce((all, { count }) => all + count, 0);
}

/** What tells the cards of a product apart: its size, then whatever else differs. */
export function differing(cards: readonly Described[]): string[] {
  const names = new Set(cards.flatMap(({ attributes }) => Object.keys(attributes)));
  const varies = [...names].filter((name) => name !== "size" && new Set(cards.map(({ attributes }) => attributes[name])).size > 1);
  return names.has("size") ? ["size", ...varies] : varies;
}

/** Sizes in the order of their numbers, so that 9 comes before 10; the rest by their letters. */
export function bySize(one: Described, other: Described): number {
  return sizeOf(one).localeCompare(sizeOf(other), "en", { numeric: true });
}

export function sizeOf({ attributes: { size } }: Described): string {
  return typeof size === "string" || typeof size === "number" ? String(size) : "";
}

/** "36–45": the smallest and the largest, or all of them where there are few. */
export function sizes(cards: readonly Described[]): string {
  const all = [...new Set([...cards].sort(bySize).map(sizeOf))].filter(Boolean);
  return all.length > 4 ? `${all[0] ?? ""} – ${all.at(-1) ?? ""}` : all.join(", ");
}
