/**
 * A row of marks in a fixed order of which it can be asked, without walking, how many are set and which is the k-th that
 * is set, or is not: a Fenwick tree. A list of 50 000 lines then draws only what is in sight.
 */
export class Ranks {
  private readonly sums: Int32Array;
  private readonly top: number;
  private readonly marks: Uint8Array;
  private count = 0;

  constructor(readonly size: number) {
    this.sums = new Int32Array(size + 1);
    this.marks = new Uint8Array(size);
    this.top = size === 0 ? 0 : 2 ** Math.floor(Math.log2(size));
  }

  /** How many are set. */
  get set(): number {
    return this.count;
  }

  mark(at: number): void {
    if (at < 0 || at >= this.size || this.marks[at] === 1) return;
    this.marks[at] = 1;
    this.count += 1;
    for (let node = at + 1; node <= this.size; node += node & -node) this.sums[node] = (this.sums[node] ?? 0) + 1;
  }

  /** The place of the k-th mark (from 0) that is set, or of the k-th that is not; -1 where there are fewer. */
  place(k: number, isSet: boolean): number {
    if (k < 0 || k >= (isSet ? this.count : this.size - this.count)) return -1;
    let at = 0;
    let left = k;
    for (let step = this.top; step > 0; step >>= 1) {
      const next = at + step;
      if (next > this.size) continue;
      const inside = this.sums[next] ?? 0;
      const passed = isSet ? inside : step - inside;
      if (passed <= left) {
        at = next;
        left -= passed;
      }
    }
    return at;
  }
}
