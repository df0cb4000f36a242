/** Whether a scan's content proves itself: then one look is enough, and it goes before the EAN printed beside it. */

import { read } from "../domain/gs1";
import { type RawScan, scanKey } from "./scan";

const MARKS = new Set<string>(["mark", "fur", "package", "elements"]);
const answers = new Map<string, boolean>();

/** AI syntax, lengths and check digits hold, and it is a kind of mark rather than a shop's barcode or a link. */
export function provesItself(scan: RawScan): boolean {
  if (scan.located) return false;
  const key = scanKey(scan);
  let answer = answers.get(key);
  if (answer === undefined) {
    const { kind, problem } = read(scan.text, scan.symbology);
    answer = problem === null && MARKS.has(kind);
    // The same dozen codes come with every frame; a shift of scanning must not fill the memory.
    if (answers.size > 500) answers.clear();
    answers.set(key, answer);
  }
  return answer;
}

/** The scans that prove themselves; all of them where none does. The barcode beside a mark is no answer of its own. */
export function marksIfAny(scans: readonly RawScan[]): readonly RawScan[] {
  const marks = scans.filter(provesItself);
  return marks.length > 0 ? marks : scans;
}
