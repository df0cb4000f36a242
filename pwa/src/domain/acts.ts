/**
 * What an act names against what was scanned: expected, found, missing, extra, by unit, box and product.
 *
 * A box that was scanned stands for everything in it, a unit scanned inside a closed box counts in it. Every scan costs
 * one look into a Map, so that an act of 50 000 units answers as quickly as one of five.
 */

/** `box` is the SSCC directly around the unit, `card` its product; null where there is none. */
export interface Unit {
  code: string;
  card: string | null;
  box: string | null;
}

/** `packages` are the SSCCs that the act names; one of them may hold boxes instead of units. */
export interface Contents {
  units: readonly Unit[];
  packages: readonly string[];
}

export type ScanResult =
  /** A unit of the act, not seen before. */
  | { kind: "found"; unit: Unit }
  /** A box of the act: so many of its units were not seen before. */
  | { kind: "box"; box: string; fresh: number }
  /** All of this was found before. */
  | { kind: "duplicate"; box: string | null }
  /** A box around boxes of which the act does not say which they are: its boxes are scanned one by one. */
  | { kind: "outer"; box: string }
  /** Not in the act. */
  | { kind: "extra"; first: boolean };

export interface Progress {
  expected: number;
  found: number;
}

/** A line to look at and to decide about: a box, or a unit that lies in none. */
export interface Line extends Progress {
  /** SSCC of the box, or the unit's code. */
  id: string;
  kind: "box" | "unit";
  /** The product where there is one only. */
  card: string | null;
}

interface Group extends Line {
  units: number[];
}

export class Reconciliation {
  private readonly where = new Map<string, number>();
  private readonly groups = new Map<string, Group>();
  private readonly outer = new Set<string>();
  private readonly seen: Uint8Array;
  private readonly strangers = new Set<string>();
  private readonly cards = new Map<string, Progress>();
  private readonly units: readonly Unit[];
  private readonly whole: string | null;
  private count = 0;

  constructor({ units, packages }: Contents) {
    this.units = units;
    this.seen = new Uint8Array(units.length);
    units.forEach((unit, at) => {
      this.where.set(unit.code, at);
      this.group(unit).units.push(at);
      this.of(unit.card).expected += 1;
    });
    for (const group of this.groups.values()) group.expected = group.units.length;
    for (const box of packages) if (!this.groups.has(box)) this.outer.add(box);
    const loose = units.some(({ box }) => box === null);
    this.whole = packages.length === 1 && this.outer.size === 1 && !loose ? (packages[0] ?? null) : null;
  }

  /** @param code an identification code, or "00" and an SSCC. */
  scan(code: string): ScanResult {
    const at = this.where.get(code);
    if (at !== undefined) return this.unit(at);
    const box = ssccOf(code);
    const group = box === null ? undefined : this.groups.get(box);
    if (group && group.kind === "box") return this.box(group);
    if (box !== null && this.outer.has(box)) return this.around(box);
    const first = !this.strangers.has(code);
    this.strangers.add(code);
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
    return [...this.strangers];
  }

  /** By product card; units of none stand under "". */
  get products(): ReadonlyMap<string, Progress> {
    return this.cards;
  }

  /** Boxes first, then units that lie in none, in the order of the act. */
  get lines(): readonly Line[] {
    const all = [...this.groups.values()];
    return [...all.filter(({ kind }) => kind === "box"), ...all.filter(({ kind }) => kind === "unit")];
  }

  /** Boxes that hold boxes, of which the act does not say which. */
  get outers(): readonly string[] {
    return [...this.outer].filter((box) => box !== this.whole);
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
    const all = line === null ? this.units.keys() : (this.groups.get(line)?.units ?? []);
    return [...all].filter(wanted).map((at) => this.units[at]?.code ?? "");
  }

  private unit(at: number): ScanResult {
    const unit = this.units[at] as Unit;
    return this.mark(at) ? { kind: "found", unit } : { kind: "duplicate", box: unit.box };
  }

  private box(group: Group): ScanResult {
    const before = this.count;
    if (group.found < group.expected) for (const at of group.units) this.mark(at);
    const fresh = this.count - before;
    return fresh > 0 ? { kind: "box", box: group.id, fresh } : { kind: "duplicate", box: group.id };
  }

  /** The only package of an act holds all its boxes; of one among several nobody here knows which are inside. */
  private around(box: string): ScanResult {
    if (box !== this.whole) return { kind: "outer", box };
    const before = this.count;
    for (const at of this.units.keys()) this.mark(at);
    const fresh = this.count - before;
    return fresh > 0 ? { kind: "box", box, fresh } : { kind: "duplicate", box };
  }

  private mark(at: number): boolean {
    if (this.seen[at] === 1) return false;
    this.seen[at] = 1;
    this.count += 1;
    const unit = this.units[at] as Unit;
    this.group(unit).found += 1;
    this.of(unit.card).found += 1;
    return true;
  }

  private group(unit: Unit): Group {
    const id = unit.box ?? unit.code;
    const known = this.groups.get(id);
    if (known) {
      if (known.card !== unit.card) known.card = null;
      return known;
    }
    const made: Group = { id, kind: unit.box === null ? "unit" : "box", card: unit.card, expected: 0, found: 0, units: [] };
    this.groups.set(id, made);
    return made;
  }

  private of(card: string | null): Progress {
    const known = this.cards.get(card ?? "");
    if (known) return known;
    const made = { expected: 0, found: 0 };
    this.cards.set(card ?? "", made);
    return made;
  }
}

/** The SSCC in "00" and 18 digits, else null. */
export function ssccOf(code: string): string | null {
  return /^00[0-9]{18}$/.test(code) ? code.slice(2) : null;
}
