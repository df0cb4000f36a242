/** A new draft with the goods and terms of an act that came back. */

import { type Act, allUnitsOf, createAct, putUnits } from "../../api/acts";
import { keepAct } from "../../store/acts";

const BATCH = 2_000;

/** @throws ApiError; tried again under the same key it fills the same draft. */
export async function copyOf(act: Act, key: string): Promise<Act> {
  const typed = {
    kind: act.kind,
    receiver_tax: act.receiver.tax_number,
    receiver_name: act.receiver.name,
    sender_place_id: act.sender_place_id,
    receiver_place_id: act.receiver_place_id,
    original_id: act.original_id,
    terms: act.terms,
    prices: Object.fromEntries(act.lines.flatMap((line) => (line.price === null ? [] : [[line.gtin ?? line.card_id, line.price]]))),
  };
  const made = await createAct(typed, key);
  const units = await allUnitsOf(act.id);
  const boxes = new Set(act.packages);
  // A box that was opened meanwhile is not in the way: its units then go one by one.
  const loose = units.filter(({ package: box }) => box === null || boxes.size === 0).map(({ code }) => code);
  const codes = [...act.packages.map((sscc) => `00${sscc}`), ...loose];
  let { version, units: count } = made;
  for (let at = 0; at < codes.length; at += BATCH) ({ version, units: count } = await putUnits(made.id, codes.slice(at, at + BATCH)));
  return keepAct({ ...made, version, units: count });
}
