/** What a correction changes, from the fields in which it was typed. */

import type { Act } from "../../api/acts";
import type { Change, Changes } from "../../api/act-life";
import { formatDate, formatMoney, t } from "../../i18n";
import { type Form, formOf, tiyn, typedOf } from "./form";
import { product } from "./words";

/** Only what differs from the act; null where nothing does. Prices that were emptied go. */
export function changesOf(form: Form, act: Act): Changes | null {
  const before = typedOf(formOf(act), act);
  const after = typedOf(form, act);
  const changes: Changes = { prices: pricesOf(form, act) };
  if (after.transfer_date && after.transfer_date !== act.transfer_date) changes.transfer_date = after.transfer_date;
  if (JSON.stringify(after.terms) !== JSON.stringify(before.terms)) changes.terms = after.terms ?? null;
  const nothing = !changes.transfer_date && !changes.terms && Object.keys(changes.prices ?? {}).length === 0;
  return nothing ? null : changes;
}

function pricesOf(form: Form, act: Act): Record<string, number | null> {
  const all = act.lines.map((line) => {
    const id = line.gtin ?? line.card_id;
    const text = form.prices[id]?.trim() ?? "";
    return [id, text ? tiyn(text) : null, line.price] as const;
  });
  return Object.fromEntries(all.flatMap(([id, price, was]) => (price === was ? [] : [[id, price]])));
}

/** Whether every price that was typed is one. */
export function pricesValid(form: Form): boolean {
  return Object.values(form.prices).every((text) => !text.trim() || tiyn(text) !== null);
}

/** What a change is of, in words. */
export function subject({ what, goods }: Change, act: Act): string {
  if (what !== "price") return t(`acts.${what}`);
  const line = act.lines.find(({ gtin, card_id: card }) => goods === (gtin ?? card));
  return t("acts.price_of", { product: line ? product(line) : (goods ?? "") });
}

export function value(change: Change, side: "before" | "after"): string {
  const said = change[side];
  if (said === null || said === "") return t("acts.not_given");
  if (typeof said === "number") return formatMoney(said / 100);
  if (typeof said === "string") return change.what === "transfer_date" ? formatDate(said) : said;
  return [said.number, said.date && formatDate(said.date)].filter(Boolean).join(", ");
}
