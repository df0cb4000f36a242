/** What to tell someone whose code is not read yet. */

export type Hint = "aim" | "damaged" | "too_dark" | "closer" | "photo";

export interface Looking {
  now: number;
  /** When looking began, or the last code was read. */
  since: number;
  /** Since when the picture is too dark; null = bright enough. */
  darkSince: number | null;
  /** When a code was last located without being readable; null = never. */
  locatedAt: number | null;
}

/** Mean brightness below which phones read no codes without light. */
export const DARK = 45;

export function hintFor({ now, since, darkSince, locatedAt }: Looking): Hint {
  const waited = now - since;
  if (darkSince !== null && now - darkSince >= 2000) return "too_dark";
  if (waited >= 10_000) return "photo";
  if (locatedAt !== null && locatedAt >= since && now - locatedAt < 2000 && waited >= 2000) return "damaged";
  return waited >= 4000 ? "closer" : "aim";
}
