/** What can be said of a code without network: the seal is ours and the code is not on the withdrawn list, no more. */
import { foreign, type Foreign } from "./foreign";
import { identificationCode, type Scan, swappedCase } from "./gs1";
import { fromBase64, type TrustList, verifyEd25519 } from "./trust-list";
import { keyOf, parseWithdrawn } from "./withdrawn";

export type OfflineOutcome =
  | "issued_offline" | "withdrawn" | "forged" | "unknown_offline" | "foreign" | "not_a_mark" | "unreadable";
export type Look = "stop" | "unknown";

/** `seal`: the signature is the operator's. `asOf`: date of the withdrawn list that was asked. `group`: of the key. */
export interface OfflineVerdict {
  outcome: OfflineOutcome;
  look: Look;
  seal: boolean;
  asOf: string | null;
  group: string | null;
  foreign: Foreign | null;
}

/** The bytes of a cached withdrawn list by its SHA-256 (hexadecimal), or null if the device has none. */
export type CachedList = (sha256: string) => Promise<Uint8Array<ArrayBuffer> | null>;

function verdict(outcome: OfflineOutcome, parts: Partial<OfflineVerdict> = {}): OfflineVerdict {
  const look = outcome === "forged" || outcome === "withdrawn" ? "stop" : "unknown";
  return { outcome, look, seal: false, asOf: null, group: null, foreign: null, ...parts };
}

async function isIntact(body: Uint8Array<ArrayBuffer>, sha256: string): Promise<boolean> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}

/**
 * Judge a scan offline. `trust`: a list whose signature was verified, or null; past its `expires_at` it counts for
 * nothing. Red only where it is certain: a known key that did not sign this code (forged), a signed code on the
 * published list (withdrawn). A key that the list does not have is unknown, never forged: the list may be older than it.
 */
export async function judgeOffline(
  scan: Scan, trust: TrustList | null, cached: CachedList, now: Date,
): Promise<OfflineVerdict> {
  if (scan.kind === "unreadable") return verdict("unreadable");
  if (["gtin", "elements", "other"].includes(scan.kind)) return verdict("not_a_mark");
  const valid = trust !== null && now.getTime() < Date.parse(trust.expires_at) ? trust : null;
  // Caps lock cannot be seen in a text, but a signature that fits the swapped letters proves it.
  for (const candidate of [scan, swappedCase(scan)]) {
    const sealed = candidate === null || valid === null ? null : await judgeSealed(candidate, valid, cached);
    if (sealed !== null && (sealed.seal || candidate === scan)) return sealed;
  }
  const system = foreign(scan);
  // A fur mark or a code typed without its tail may stand in our register whatever its prefix: only it can tell.
  const openQuestion = scan.kind === "fur" || (system?.by === "prefix" && scan.tail === null);
  return system === null || openQuestion ? verdict("unknown_offline") : verdict("foreign", { foreign: system });
}

/** The verdict on a mark whose key the list has; null if the list does not have it. */
async function judgeSealed(scan: Scan, trust: TrustList, cached: CachedList): Promise<OfflineVerdict | null> {
  const key = trust.keys.find((one) => one.id === scan.keyId && one.alg === "Ed25519");
  const publicKey = fromBase64(key?.public_key ?? "");
  const code = identificationCode(scan);
  if (scan.kind !== "mark" || code === null || scan.tail === null || key === undefined || publicKey?.length !== 32) {
    return null;
  }
  const group = key.group;
  const message = new TextEncoder().encode(`tanba/1|${key.id}|${code}`);
  const signature = fromBase64(scan.tail);
  if (signature === null || !(await verifyEd25519(publicKey, signature, message))) return verdict("forged", { group });
  const listed = trust.withdrawn.find((one) => one.key_id === key.id);
  if (listed === undefined) return verdict("issued_offline", { seal: true, group });
  const body = await cached(listed.sha256);
  const list = body !== null && (await isIntact(body, listed.sha256)) ? parseWithdrawn(body) : null;
  // Without the list a seal says little: the code may be recalled.
  if (list === null) return verdict("unknown_offline", { seal: true, group });
  const asOf = listed.as_of;
  if (!list.contains(await keyOf(code))) return verdict("issued_offline", { seal: true, group, asOf });
  // A large list answers at random for a code that was issued after it was made, and red needs certainty.
  const complete = Date.parse(asOf) >= Date.parse(key.not_after);
  return verdict(complete || list.sparse ? "withdrawn" : "unknown_offline", { seal: true, group, asOf });
}
