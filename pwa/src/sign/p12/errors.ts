/** What may go wrong with a key file; each code has words in the catalogues under `errors.`. */

export type SignCode =
  | "sign.wrong_password"
  | "sign.not_a_container"
  | "sign.no_key"
  | "sign.expired"
  | "sign.not_yet_valid"
  | "sign.algorithm"
  | "sign.key_mismatch"
  /** The worker was closed, by us or by idleness: open the file anew. */
  | "sign.closed"
  /** This browser or address (no TLS) gives no worker or no cryptography. */
  | "sign.unavailable"
  | "sign.wrong_pin"
  /** Too many wrong PINs, or erased meanwhile. */
  | "sign.forgotten"
  | "sign.pin_short"
  /** The device keeps nothing (private window, full disk). */
  | "sign.not_kept";

export interface SignDetail {
  /** With `sign.expired` and `sign.not_yet_valid`: the end or the beginning of the term. */
  at?: Date;
  /** With `sign.wrong_pin`: tries that are left. */
  left?: number;
}

export class SignError extends Error {
  override name = "SignError";
  readonly at: Date | null;
  readonly left: number | null;
  /** What the words of the code are filled with. */
  readonly params: Record<string, string | number>;

  constructor(
    readonly code: SignCode,
    detail: SignDetail = {},
  ) {
    super(code);
    this.at = detail.at ?? null;
    this.left = detail.left ?? null;
    this.params = detail.left === undefined ? {} : { count: detail.left };
  }
}
