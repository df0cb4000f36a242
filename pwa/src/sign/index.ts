/** Signing with the person's own key, asked for with one call: what is signed is shown first, then how. */

import type { Asked, Signature, SignRequest, WireDocument, SignDocument } from "./asked";
import { asked } from "./asked";

export type { Signature, SignDocument, SignRequest, WireDocument } from "./asked";
export { SignHost } from "./host";

/**
 * Opens the sheet over whatever is on screen.
 * @returns one signature per document, in their order; null when the person closed the sheet. Nothing is sent
 * anywhere: the caller takes the signatures to the server.
 */
export function requestSignatures(request: SignRequest): Promise<Signature[] | null> {
  asked.value?.answer(null);
  return new Promise((resolve) => {
    const one: Asked = {
      request,
      answer: (signatures) => {
        if (asked.value === one) asked.value = null;
        resolve(signatures);
      },
    };
    asked.value = one;
  });
}

/** The documents of a `GET …/document` answer, in the form that {@link requestSignatures} takes. */
export function toSign(documents: readonly WireDocument[]): SignDocument[] {
  return documents.map(({ id, bytes, names, facts }) => ({
    id,
    bytes: Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)),
    names,
    facts: facts ?? [],
  }));
}

/**
 * Whether NCALayer answers on this computer. The browser may ask the person for permission to reach it, so call this
 * only when somebody pressed something. `blocked`: the browser does not let this site reach programs on the device.
 */
export async function probeNCALayer(): Promise<"running" | "absent" | "blocked"> {
  const { probe } = await import("./ncalayer");
  return probe();
}
