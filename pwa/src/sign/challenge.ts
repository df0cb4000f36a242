/** Proving who one is: a challenge of the server, signed. */

import { askChallenge, type Proof } from "../api/identity";
import type { SignDocument } from "./asked";
import { requestSignatures } from "./index";

/** A challenge lives five minutes: whichever way is chosen, and however late, most of them are left. */
const RENEWED_EVERY = 80_000;

interface Words {
  /** Heading of the sheet. */
  title: string;
  /** What is signed. */
  name: string;
}

/**
 * Opens the sheet over a fresh challenge, which is renewed in place for as long as the sheet stands open.
 * @returns null when the person closed it.
 * @throws ApiError
 */
export async function signChallenge({ title, name }: Words): Promise<Proof | null> {
  const document: SignDocument = { ...(await fresh()), names: { kk: name, ru: name, en: name }, facts: [] };
  const renewing = setInterval(() => void fresh().then((next) => Object.assign(document, next), () => undefined), RENEWED_EVERY);
  try {
    const signatures = await requestSignatures({ purpose: "login", title, documents: [document] });
    const [signature] = signatures ?? [];
    return signature ? { challenge_id: signature.id, cms: signature.cms } : null;
  } finally {
    clearInterval(renewing);
  }
}

async function fresh(): Promise<Pick<SignDocument, "id" | "bytes">> {
  const { challenge_id, document } = await askChallenge();
  return { id: challenge_id, bytes: Uint8Array.from(atob(document), (letter) => letter.charCodeAt(0)) };
}
