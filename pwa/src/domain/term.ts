/** Terms end with their last day: the midnight after it, which the server names, is not a day more. */
export function lastDay(due: string): string {
  return new Date(Date.parse(due) - 1).toISOString();
}
