/** The trust list: which keys sign codes, believed only under the platform's root key that the shell pins. */

export interface TrustKey {
  id: string;
  group: string;
  alg: string;
  public_key: string;
  not_before: string;
  not_after: string;
}

export interface WithdrawnEntry {
  key_id: string;
  url: string;
  as_of: string;
  sha256: string;
}

/** As GET /trust-list gives it. */
export interface TrustList {
  keys: TrustKey[];
  withdrawn: WithdrawnEntry[];
  issued_at: string;
  expires_at: string;
  signature: string;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** JCS (RFC 8785) of plain data: keys sorted by UTF-16 units, no blanks; JSON.stringify writes scalars as JCS asks. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((one: Json) => canonical(one)).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Bytes of standard base64; null if it is not. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

let native: boolean | null = null;

/**
 * Ed25519: WebCrypto where the browser has it, else a pure implementation, loaded when first needed. Bytes of a wrong
 * length are simply wrong.
 */
export async function verifyEd25519(
  publicKey: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  if (native !== false) {
    try {
      const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
      native = true;
      return await crypto.subtle.verify("Ed25519", key, signature, message);
    } catch {
      // A browser that once could, refused these bytes as a key; one that never did, does not know the algorithm.
      if (native) return false;
      native = false;
    }
  }
  const { verifyAsync } = await import("@noble/ed25519");
  return verifyAsync(signature, message, publicKey, { zip215: false }).catch(() => false);
}

/** The list if the root signed it, else null. `root`: base64 of the platform's public key. Its age is judged apart. */
export async function verifiedTrustList(list: TrustList, root: string): Promise<TrustList | null> {
  const { signature, ...content } = list;
  const key = fromBase64(root);
  const bytes = fromBase64(signature);
  if (key === null || bytes === null) return null;
  const message = new TextEncoder().encode(`tanba/trust-list/1|${canonical(content as unknown as Json)}`);
  return (await verifyEd25519(key, bytes, message)) ? list : null;
}
