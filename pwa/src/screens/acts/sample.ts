/** The size of a sample that is proposed for so many units: the square root and one, as goods are commonly accepted; never all. */
export function sampleOf(units: number): number {
  return Math.max(1, Math.min(units - 1, Math.ceil(Math.sqrt(units)) + 1));
}
