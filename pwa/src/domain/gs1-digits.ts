/** Check digits and the numbers that carry them: GTIN, SSCC, NTIN (GS1 General Specifications 7.9). */

const PAIR_ALPHABET = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const PAIR_CHECKS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const PAIR_PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];

/** Mod-10 check digit of the digits before it; weights 3, 1, 3 … from the right. RangeError for others. */
export function checkDigit(digits: string): number {
  if (!/^[0-9]+$/.test(digits)) throw new RangeError("digits expected");
  let total = 0;
  for (let at = digits.length - 1, weight = 3; at >= 0; at -= 1, weight = 4 - weight) {
    total += weight * (digits.charCodeAt(at) - 48);
  }
  return (10 - (total % 10)) % 10;
}

/** True if the last digit is the mod-10 check digit of the rest. Never throws. */
export function isChecked(digits: string): boolean {
  return /^[0-9]{2,}$/.test(digits) && checkDigit(digits.slice(0, -1)) === Number(digits.slice(-1));
}

/** True for a GTIN of 14 digits with its check digit. Zero is no GTIN although it passes the arithmetic. */
export function isGtin14(digits: string): boolean {
  return digits.length === 14 && isChecked(digits) && digits !== "00000000000000";
}

/** The 14-digit form of a GTIN-8, -12, -13 or -14; null for anything else. */
export function gtin14(text: string): string | null {
  if (!/^([0-9]{8}|[0-9]{12,14})$/.test(text)) return null;
  const padded = text.padStart(14, "0");
  return isGtin14(padded) ? padded : null;
}

/** True for 18 digits, the last of which is the check digit. */
export function isSscc(text: string): boolean {
  return text.length === 18 && isChecked(text);
}

/**
 * "NTIN" or "XTIN" for a 13-digit number of Kazakhstan's national catalogue, else null. Neither is a GTIN, both look
 * like numbers that GS1 gave to others, so they are tested before GTIN.
 */
export function nationalNumber(text: string): "NTIN" | "XTIN" | null {
  if (!/^[0-9]{13}$/.test(text)) return null;
  if (text.startsWith("0200") && isChecked(text)) return "NTIN";
  return text.startsWith("004") ? "XTIN" : null;
}

/** True if the last two characters are the mod-1021 check pair of a global model number (AI 8013). */
export function hasCheckPair(text: string): boolean {
  const body = text.slice(0, -2);
  if (body === "" || body.length > PAIR_PRIMES.length) return false;
  let total = 0;
  for (let at = 0; at < body.length; at += 1) {
    const value = PAIR_ALPHABET.indexOf(body.charAt(at));
    if (value < 0) return false;
    total += value * (PAIR_PRIMES[body.length - 1 - at] ?? 0);
  }
  total %= 1021;
  return text.slice(-2) === PAIR_CHECKS.charAt(total >> 5) + PAIR_CHECKS.charAt(total & 31);
}
