/** What the page and the worker that holds a key tell one another. Passwords and PINs go one way only. */

import type { Subject } from "./certificate";
import type { Bytes } from "./der";
import type { SignCode, SignDetail } from "./errors";
import type { Algorithm } from "./keys";
import type { Sealed } from "./sealing";

/** What may be shown of a key. */
export interface KeyFacts {
  subject: Subject;
  notBefore: Date;
  notAfter: Date;
  algorithm: Algorithm;
  /** The certificate allows documents (non-repudiation), not log-in alone. */
  canSign: boolean;
  /** Role OIDs of NUC RK. */
  roles: string[];
  /** Issued by a test or development authority: no legal force. */
  test: boolean;
}

/** Secrets are UTF-8 and handed over, so that the page keeps no copy. */
export type Order =
  | { kind: "open"; file: Bytes; password: Bytes; now: Date }
  | { kind: "sign"; key: number; document: Bytes; at: Date }
  | { kind: "seal"; file: Bytes; password: Bytes; pin: Bytes; device: CryptoKey }
  | { kind: "unseal"; sealed: Sealed; pin: Bytes; device: CryptoKey; now: Date };

export interface Answers {
  open: KeyFacts[];
  sign: Bytes;
  seal: Sealed;
  unseal: KeyFacts[];
}

export type ToWorker = Order & { id: number };

export type FromWorker =
  | { id: number; done: Answers[keyof Answers] }
  | { id: number; failed: SignCode; detail: SignDetail };
