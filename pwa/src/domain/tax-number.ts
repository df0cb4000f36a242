/** BIN and IIN: 12 digits of which the last one checks the others (decree 406 of 22.05.2007). */

const PASSES = [
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2],
] as const;

/** The same judgement as the server's: dates and types inside are not looked at. */
export function taxNumberValid(number: string): boolean {
  if (!/^[0-9]{12}$/.test(number)) return false;
  const digits = [...number].map(Number);
  for (const weights of PASSES) {
    const rest = weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0) % 11;
    if (rest < 10) return rest === digits[11];
  }
  return false;
}
