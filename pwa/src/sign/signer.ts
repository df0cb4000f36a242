/** What every way of signing is to the sheet, and the one form of what may go wrong in any of them. */

import type { Signature, SignDocument } from "./asked";

export interface Signer {
  /**
   * Signs all documents in one go; `stop` ends the waiting.
   * @throws SigningFailed, or the key file's SignError, or ApiError
   */
  sign(documents: readonly SignDocument[], stop: AbortSignal): Promise<Signature[]>;
}

/** `code` has words under `errors.`; `quiet`: the person changed their mind, which is nothing to report. */
export class SigningFailed extends Error {
  override name = "SigningFailed";

  constructor(
    readonly code: string,
    readonly params: Record<string, string | number> = {},
    readonly quiet = false,
  ) {
    super(code);
  }
}

export interface Failed {
  code: string;
  params: Record<string, string | number>;
}

/** What to tell of whatever was thrown: every error of ours carries a code. */
export function failed(error: unknown): Failed {
  const { code, params, left } = error as { code?: unknown; params?: Failed["params"]; left?: number | null };
  if (typeof code !== "string" || !/^[a-z_]+\.[a-z_]+$/.test(code)) return { code: "sign.unexpected", params: {} };
  return { code, params: params ?? (typeof left === "number" ? { count: left } : {}) };
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // In pieces, because a call takes so many arguments only.
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
