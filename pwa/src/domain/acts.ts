/**
 * What an act names against what was scanned: expected, found, missing, extra, by unit, package and product.
 *
 * A package that was scanned stands for everything in it, at any depth; a unit scanned inside a closed box counts in the
 * box and in all that stands around it. Every scan costs one look into a Map and one step for each unit that it finds, so
 * that an act of 50 000 units answers as quickly as one of five.
 */

import { Ranks } from "./ranks";

/** `boxes` are the SSCCs of the packages around the unit, the innermost first, `card` its product; null where unknown. */
export interface Unit {
  code: string;
  card: string | null;
  boxes: readonly string[];
}

export type ScanResult =
  /** A unit of the act, not seen before. */
  | { kind: "found"; unit: Unit }
  /** A package of the act: so many of its units were not seen before; `inner` packages lie in it, at any depth. */
  | { kind: "box"; box: string; fresh: number; inner: number }
  /** All of this was found before. */
  | { kind: "duplicate"; box: string | null }
  /** Not in the act. */
  | { kind: "extra"; first: boolean };

export interface Progress {
  expected: number;
  found: number;
}

/** A line to look at and to decide about: a box that holds units, or a unit that lies in none. */
export interface Line extends Progress {
  /** SSCC of the box, or the unit's code. */
  id: string;
  kind: "box" | "unit";
  /** The product where there is one only. */
  card: string | null;
  /** SSCC of the package around it, if any. */
  around: string | null;
}

interface Entry extends Line {
  units: number[];
  /** Place among the lines. */
  at: number;
}

/** A package at any depth: `lines` are the boxes in it that hold units, `inner` counts the packages in it. */
interface Package extends Progress {
  lines: Entry[];
  inner: number;
}

export class Reconciliation {
  /** Boxes first, then units that lie in none, in the order of the act. */
  readonly lines: readonly Line[];
  /** By product card; units of none stand under "". */
  readonly products: ReadonlyMap<string, Progress>;
  private readonly where = new Map<string, number>();
  private readonly entries: Entry[];
  private readonly called = new Map<string, Entry>();
  private readonly packages = new Map<string, Package>();
  private readonly whole: Ranks;
  private readonly seen: Uint8Array;
  /** The line of each unit. */
  private readonly lineOf: Entry[] = [];
  private readonly strangers: string[] = [];
  private readonly strange = new Set<string>();
  private readonly cards = new Map<string, Progress>();
  private count = 0;

  constructor(private readonly units: readonly Unit[]) {
    this.seen = new Uint8Array(units.length);
    units.forEach((unit, at) => {
      this.where.set(unit.code, at);
      const entry = enter(this.called, unit);
      entry.units.push(at);
      this.lineOf.push(entry);
      this.product(unit.card).expected += 1;
    });
    const all = [...this.called.values()];
    this.entries = [...all.filter(({ kind }) => kind === "box"), ...all.filter(({ kind }) => kind === "unit")];
    this.entries.forEach((entry, at) => {
      entry.at = at;
      entry.expected = entry.units.length;
      this.enclose(entry);
    });
    this.lines = this.entries;
    this.products = this.cards;
    this.whole = new Ranks(this.entries.length);
  }

  /** @param code an identification code, or "00" and an SSCC. */
  scan(code: string): ScanResult {
    const at = this.where.get(code);
    if (at !== undefined) return this.unit(at);
    const box = ssccOf(code);
    const known = box === null ? undefined : this.packages.get(box);
    if (box !== null && known) return this.box(box, known);
    const first = !this.strange.has(code);
    if (first) {
      this.strange.add(code);
      this.strangers.push(code);
    }
    return { kind: "extra", first };
  }

  get expected(): number {
    return this.units.length;
  }

  get found(): number {
    return this.count;
  }

  /** What lay there and is not in the act, in the order of scanning. */
  get extra(): readonly string[] {
    return this.strangers;
  }

  /** How many lines were found whole, or are not yet. */
  lineCount(found: boolean): number {
    return found ? this.whole.set : this.entries.length - this.whole.set;
  }

  /** The k-th of the lines that were found whole, or that are not yet. */
  line(k: number, found: boolean): Line | undefined {
    return this.entries[this.whole.place(k, found)];
  }

  lineCalled(id: string): Line | undefined {
    return this.called.get(id);
  }

  /** The codes of one line, or of all, that were not found. */
  missing(line: string | null = null): string[] {
    return this.chosen(line, (at) => this.seen[at] === 0);
  }

  /** All codes of one line. */
  codes(line: string): string[] {
    return this.chosen(line, () => true);
  }

  private chosen(line: string | null, wanted: (at: number) => boolean): string[] {
    const all = line === null ? this.units.keys() : (this.called.get(line)?.units ?? []);
    return [...all].filter(wanted).map((at) => this.units[at]?.code ?? "");
  }

  private unit(at: number): ScanResult {
    const unit = this.units[at] as Unit;
    return this.mark(at) ? { kind: "found", unit } : { kind: "duplicate", box: unit.boxes[0] ?? null };
  }

  private box(box: string, known: Package): ScanResult {
    const before = this.count;
    if (known.found < known.expected) for (const { units } of known.lines) for (const at of units) this.mark(at);
    const fresh = this.count - before;
    return fresh > 0 ? { kind: "box", box, fresh, inner: known.inner } : { kind: "duplicate", box };
  }

  private mark(at: number): boolean {
    if (this.seen[at] === 1) return false;
    this.seen[at] = 1;
    this.count += 1;
    const unit = this.units[at] as Unit;
    const line = this.lineOf[at] as Entry;
    line.found += 1;
    if (line.found === line.expected) this.whole.mark(line.at);
    for (const box of unit.boxes) (this.packages.get(box) as Package).found += 1;
    this.product(unit.card).found += 1;
    return true;
  }

  /** Makes a box known in every package around it. */
  private enclose(entry: Entry): void {
    const boxes = this.units[entry.units[0] ?? 0]?.boxes ?? [];
    let fresh = 0;
    for (const box of boxes) {
      const known = this.packages.get(box);
      const here = known ?? { lines: [], inner: 0, expected: 0, found: 0 };
      if (!known) this.packages.set(box, here);
      here.lines.push(entry);
      here.expected += entry.expected;
      here.inner += fresh;
      if (!known) fresh += 1;
    }
  }

  private product(card: string | null): Progress {
    const known = this.cards.get(card ?? "");
    if (known) return known;
    const made = { expected: 0, found: 0 };
    this.cards.set(card ?? "", made);
    return made;
  }
}

function enter(made: Map<string, Entry>, { code, card, boxes }: Unit): Entry {
  const [box, around] = boxes;
  const id = box ?? code;
  const known = made.get(id);
  if (!known) {
    const entry: Entry = { id, kind: box ? "box" : "unit", card, around: around ?? null, expected: 0, found: 0, units: [], at: -1 };
    made.set(id, entry);
    return entry;
  }
  if (known.card !== card) known.card = null;
  return known;
}

/** The SSCC in "00" and 18 digits, else null. */
export function ssccOf(code: string): string | null {
  return /^00[0-9]{18}$/.test(code) ? code.slice(2) : null;
}
