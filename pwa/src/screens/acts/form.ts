/** What is typed about an act, as the fields hold it, and as the server takes it. */

import type { Act, ActKind, ActTyped } from "../../api/acts";

export interface Paper {
  number: string;
  date: string;
}

export interface Form {
  kind: ActKind;
  number: string;
  tax: string;
  name: string;
  date: string;
  from: string;
  to: string;
  original: string;
  contract: Paper;
  waybill: Paper;
  invoice: Paper;
  comment: string;
  /** Tenge as typed, by GTIN or card. */
  prices: Record<string, string>;
}

const PAPERS = ["contract", "waybill", "invoice"] as const;
export type PaperName = (typeof PAPERS)[number];

const NO_PAPER: Paper = { number: "", date: "" };

export function formOf(act: Act | null): Form {
  const paper = (name: PaperName): Paper => ({ ...NO_PAPER, ...withoutNull(act?.terms[name]) });
  return {
    kind: act?.kind ?? "sale",
    number: act?.number ?? "",
    tax: act?.receiver.tax_number ?? "",
    name: act?.receiver.name ?? "",
    date: act?.transfer_date ?? "",
    from: act?.sender_place_id ?? "",
    to: act?.receiver_place_id ?? "",
    original: act?.original_id ?? "",
    contract: paper("contract"),
    waybill: paper("waybill"),
    invoice: paper("invoice"),
    comment: act?.terms.comment ?? "",
    prices: Object.fromEntries((act?.lines ?? []).flatMap((line) => (line.price === null ? [] : [[line.gtin ?? line.card_id, tenge(line.price)]]))),
  };
}

function withoutNull(paper: { number: string; date?: string | null } | null | undefined): Partial<Paper> {
  if (!paper) return {};
  return paper.date ? { number: paper.number, date: paper.date } : { number: paper.number };
}

/** What was typed, over what stood there. Another buyer, or a move instead of a sale, has other places to receive at. */
export function changed(form: Form, parts: Partial<Form>): Form {
  const buyer = parts.tax !== undefined && parts.tax !== form.tax;
  const kind = parts.kind !== undefined && (parts.kind === "internal") !== (form.kind === "internal");
  return { ...form, ...(buyer || kind ? { to: "" } : {}), ...parts };
}

/** Fields left empty keep what the server has chosen for them. */
export function typedOf(form: Form, act: Act | null): ActTyped {
  const papers = Object.fromEntries(PAPERS.flatMap((name) => (form[name].number.trim() ? [[name, { number: form[name].number.trim(), date: form[name].date || null }]] : [])));
  const known = new Set((act?.lines ?? []).map((line) => line.gtin ?? line.card_id));
  const prices = Object.entries(form.prices).flatMap(([gtin, text]) => {
    const price = tiyn(text);
    return price === null || (known.size > 0 && !known.has(gtin)) ? [] : [[gtin, price] as const];
  });
  const internal = form.kind === "internal";
  return {
    kind: form.kind,
    receiver_tax: internal ? null : form.tax || null,
    receiver_name: form.name.trim(),
    sender_place_id: form.from || null,
    receiver_place_id: form.to || null,
    original_id: form.kind === "return" ? form.original || null : null,
    terms: { ...papers, comment: form.comment.trim() },
    prices: Object.fromEntries(prices),
    ...(form.number.trim() ? { number: form.number.trim() } : {}),
    ...(form.date ? { transfer_date: form.date } : {}),
  };
}

/** Tiyn for one unit; the server takes no more (LARGEST_PRICE of the acts). */
const LARGEST_PRICE = 60_000_000_000;

/** "1 500,5" is 150050 tiyn; null where it is no amount. */
export function tiyn(text: string): number | null {
  const plain = text.replace(/[\s\u00a0]/g, "").replace(",", ".");
  if (!/^[0-9]{1,12}(\.[0-9]{1,2})?$/.test(plain)) return null;
  const price = Math.round(Number(plain) * 100);
  return price <= LARGEST_PRICE ? price : null;
}

export function tenge(price: number): string {
  return price % 100 === 0 ? String(price / 100) : (price / 100).toFixed(2);
}
