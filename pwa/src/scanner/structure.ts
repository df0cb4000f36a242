/** Whether a scan's content proves itself: then one look is enough, and it goes before the EAN printed beside it. */

import { read } from "../domain/gs1";
import type { RawScan } from "./scan";

const MARKS = new Set<string>(["mark", "fur", "package", "elements"]);

/** AI syntax, lengths and check digits hold, and it is a kind of mark rather than a shop's barcode or a link. */
export function provesItself(scan: RawScan): boolean {
  if (scan.located) return false;
  const { kind, problem } = read(scan.text, scan.symbology);
  return problem === null && MARKS.has(kind);
}
