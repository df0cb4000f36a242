/** Phone numbers as people of Kazakhstan type them, and as they are kept. */

/** @returns E.164 ("+77012345678"), or null for what cannot be a number. "8 701…", "7701…" and "701…" are all +7. */
export function normalPhone(typed: string): string | null {
  const bare = typed.replace(/[\s()\-.]/g, "");
  const local = /^\d{10}$/.test(bare) ? `7${bare}` : bare.replace(/^8(?=\d{10}$)/, "7");
  const number = /^7\d{10}$/.test(local) ? `+${local}` : local;
  return /^\+[1-9]\d{7,14}$/.test(number) && (!number.startsWith("+7") || number.length === 12) ? number : null;
}

/** In groups, as it is read out; a number of another country stays as it is. */
export function readablePhone(number: string): string {
  return number.replace(/^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/, "+7\u00a0$1\u00a0$2\u00a0$3\u00a0$4");
}

/** Enough to catch a slip; whether the address is somebody's, the letter to it shows. */
export function looksLikeEmail(typed: string): boolean {
  return /^[^\s@<>,;:"()[\]\\]{1,64}@(?:[^\s@.]{1,63}\.)+[^\s@.\d]{2,63}$/.test(typed.trim());
}
