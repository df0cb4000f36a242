/** Judges a code while it is typed: how far it is, and what is wrong with it. */

import { checkDigit, read } from "../domain/gs1";

export interface TypingHint {
  tone: "calm" | "good" | "wrong";
  key:
    | "scanner.typing_empty"
    | "scanner.typing_gtin"
    | "scanner.typing_check_digit"
    | "scanner.typing_serial_next"
    | "scanner.typing_serial"
    | "scanner.typing_barcode"
    | "scanner.typing_package"
    | "scanner.typing_fur"
    | "scanner.typing_fur_more"
    | "scanner.typing_package_more"
    | "scanner.typing_good"
    | "scanner.typing_unknown";
  params?: Record<string, string | number>;
}

const FUR = /^(RU|AM|BY|KZ|KG)-?/i;
const FUR_LENGTH = 20;

/** @param typed as it stands in the field; spaces and brackets around AIs do not matter. */
export function typingHint(typed: string): TypingHint {
  const text = typed.replace(/\s/g, "");
  if (text === "") return { tone: "calm", key: "scanner.typing_empty" };
  const scan = read(text, null);
  if (scan.problem === null) {
    if (scan.kind === "mark") return { tone: "good", key: "scanner.typing_good", params: { gtin: scan.gtin ?? "" } };
    if (scan.kind === "fur") return { tone: "good", key: "scanner.typing_fur" };
    // Eighteen digits that begin with 01 may check as a package by chance; whoever types them is typing a mark.
    if (scan.kind === "package" && !text.startsWith("01")) return { tone: "good", key: "scanner.typing_package" };
  }
  const plain = text.replace(/[()[\]]/g, "");
  return growing(plain) ?? (scan.kind === "gtin" && scan.problem === null
    ? { tone: "calm", key: "scanner.typing_barcode" }
    : { tone: "calm", key: "scanner.typing_unknown" });
}

function growing(text: string): TypingHint | null {
  if (FUR.test(text)) {
    if (text.length < FUR_LENGTH) return { tone: "calm", key: "scanner.typing_fur_more", params: { left: FUR_LENGTH - text.length } };
    return null;
  }
  if (/^00\d{0,17}$/.test(text)) return { tone: "calm", key: "scanner.typing_package_more", params: { left: 20 - text.length } };
  if (/^00\d{18}$/.test(text)) return wrongDigit(text.slice(2));
  const after = /^01(\d*)(.*)$/s.exec(text);
  if (!after) return null;
  const digits = after[1] ?? "";
  if (digits.length < 14) {
    return after[2] === "" ? { tone: "calm", key: "scanner.typing_gtin", params: { have: digits.length } } : null;
  }
  const wrong = wrongDigit(digits.slice(0, 14));
  if (wrong) return wrong;
  const rest = digits.slice(14) + (after[2] ?? "");
  if (!rest.startsWith("21")) return { tone: "calm", key: "scanner.typing_serial_next" };
  return { tone: "calm", key: "scanner.typing_serial", params: { have: rest.length - 2 } };
}

function wrongDigit(digits: string): TypingHint | null {
  const right = checkDigit(digits.slice(0, -1));
  if (String(right) === digits.slice(-1)) return null;
  return { tone: "wrong", key: "scanner.typing_check_digit", params: { digit: String(right), gtin: digits } };
}
