/** The opened key of a file, as one of the ways of signing. */

import type { OpenedKey } from "./p12/signer";
import { toBase64, type Signer, SigningFailed } from "./signer";

export function fileSigner(key: OpenedKey): Signer {
  return {
    async sign(documents, stop) {
      const signatures = [];
      for (const { id, bytes } of documents.map((one) => ({ ...one }))) {
        const cms = await key.sign(bytes);
        if (stop.aborted) throw new SigningFailed("sign.cancelled", {}, true);
        signatures.push({ id, cms: toBase64(cms) });
      }
      return signatures;
    },
  };
}
