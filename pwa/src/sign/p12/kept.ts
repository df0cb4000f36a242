/** Whether this device may keep keys, found out without loading what opens them. */

export const DATABASE = "tanba-keys";

/** False where no key was ever kept; a browser that lists no databases may keep some. */
export async function mayKeepKeys(): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some(({ name }) => name === DATABASE);
  } catch {
    return true;
  }
}
