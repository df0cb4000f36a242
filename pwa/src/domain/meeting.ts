/** What a buyer's QR code says to the seller's phone. */

import { taxNumberValid } from "./tax-number";

export type Showed =
  /** A fresh code: the server says who it is, and where; the number alone is known without it. */
  | { kind: "token"; token: string; tax: string }
  /** The standing code, which works without network: a BIN or an IIN. */
  | { kind: "tax"; tax: string };

/** The buyer behind a text that was scanned; null where it is something else. */
export function showed(text: string): Showed | null {
  const last = /^https?:\/\/[^/?#]+\/meet\/([^/?#]+)$/.exec(text.trim())?.[1];
  return last === undefined ? null : named(last);
}

/** The buyer behind the last part of such an address. */
export function named(last: string): Showed | null {
  if (/^[0-9]{12}$/.test(last)) return taxNumberValid(last) ? { kind: "tax", tax: last } : null;
  const tax = /^([0-9]{12})-([0-9A-Z]{26})?-[0-9a-f]{8}-[0-9a-f]{32}$/.exec(last)?.[1];
  return tax && taxNumberValid(tax) ? { kind: "token", token: last, tax } : null;
}
