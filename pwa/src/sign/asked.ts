/** What is asked to be signed right now; the host listens. */

import { signal } from "@preact/signals";

export interface SignDocument {
  /** Comes back with the signature; means nothing here. */
  id: string;
  /** The exact bytes that get signed, detached. */
  bytes: Uint8Array;
  names: { kk: string; ru: string; en: string };
  /** What the document says, for people: `label` is the end of a word key `sign.fact.<label>`. */
  facts: { label: string; value: string }[];
}

/** `cms` is base64 of the detached CMS (DER). */
export interface Signature {
  id: string;
  cms: string;
}

export interface SignRequest {
  purpose: "login" | "document";
  documents: SignDocument[];
  /** Heading of the sheet: what is being done. */
  title: string;
  /** On whose behalf; a certificate of another BIN is refused before anything is signed. */
  party?: { bin?: string; name?: string };
}

/** A document as the server gives it: `bytes` are base64. */
export interface WireDocument {
  id: string;
  bytes: string;
  names: { kk: string; ru: string; en: string };
  facts?: { label: string; value: string }[];
}

export interface Asked {
  request: SignRequest;
  answer: (signatures: Signature[] | null) => void;
}

export const asked = signal<Asked | null>(null);
