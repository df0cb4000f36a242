/** Reader of the withdrawn list of one signing key; format and arithmetic are described in backend/codes/filter.py. */

const GOLDEN = 0x9E3779B97F4A7C15n;
const MIX = 0xD6E8FEB86659FD93n;
const SPREAD = 0xC2B2AE3D27D4EB4F165667B19E3779F99FB21C651E98DF25AC564B05F1357AEB9E6C63D1n;
const WIDTH = 128;
const HEADER = 24;
const LARGEST_K = 32;
const M128 = (1n << 128n) - 1n;

interface Ribbon {
  salt: bigint;
  slots: number;
  columns: readonly Uint8Array[];
}

/**
 * A parsed list. `issued`, `withdrawn`: how many codes it was made from. `sparse`: a code issued after it was made hits
 * it less than once in 65 536, so that a hit is as good as certain for those as well.
 */
export interface Withdrawn {
  issued: number;
  withdrawn: number;
  sparse: boolean;
  /** True if the issued code with this key is withdrawn. Exact for every issued code, arbitrary for others. */
  contains(key: bigint): boolean;
}

/** Key of an identification code: the first 8 bytes, big-endian, of its SHA-256. */
export async function keyOf(identificationCode: string): Promise<bigint> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(identificationCode));
  return new DataView(digest).getBigUint64(0);
}

const saltOf = (ribbon: number, seed: number): bigint => BigInt.asUintN(64, BigInt((ribbon << 8) | seed) * GOLDEN);

function look(key: bigint, { salt, slots }: Ribbon): { slot: number; coefficients: bigint; matched: number } {
  const x = BigInt.asUintN(64, (key ^ salt) * MIX);
  const p = BigInt.asUintN(224, (x ^ (x >> 32n)) * SPREAD);
  return {
    slot: Number((BigInt.asUintN(64, p >> 128n) * BigInt(slots - WIDTH + 1)) >> 64n),
    coefficients: (p & M128) | 1n,
    matched: Number(p >> 192n),
  };
}

function parity(column: Uint8Array, slot: number, coefficients: bigint): number {
  let window = 0n;
  for (let at = WIDTH / 8; at >= 0; at -= 1) window = (window << 8n) | BigInt(column[(slot >> 3) + at] ?? 0);
  let bits = (window >> BigInt(slot & 7)) & coefficients;
  for (let half = 64n; half > 0n; half >>= 1n) bits ^= bits >> half;
  return Number(bits & 1n);
}

function matches(key: bigint, ribbon: Ribbon): boolean {
  if (ribbon.columns.length === 0) return true;
  const { slot, coefficients, matched } = look(key, ribbon);
  return ribbon.columns.every((column, bit) => parity(column, slot, coefficients) === ((matched >>> bit) & 1));
}

/** Read a list's bytes; null for another format or version, or when cut short. */
export function parseWithdrawn(body: Uint8Array): Withdrawn | null {
  if (body.length < HEADER) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const answer = view.getUint8(4);
  const k = view.getUint8(5);
  const slots = [view.getUint32(8), view.getUint32(12)] as const;
  const [first, second] = slots.map((one) => Math.ceil(one / 8)) as [number, number];
  const short = answer === 2 && (slots[1] < WIDTH || (k > 0 && slots[0] < WIDTH));
  if (view.getUint32(0) !== 0x54425731 || answer > 2 || k > LARGEST_K || short
    || body.length !== HEADER + k * first + second) return null;
  const columns = Array.from({ length: k }, (_, at) => body.subarray(HEADER + at * first, HEADER + (at + 1) * first));
  const one: Ribbon = { salt: saltOf(1, view.getUint8(6)), slots: slots[0], columns };
  const two: Ribbon = { salt: saltOf(2, view.getUint8(7)), slots: slots[1], columns: [body.subarray(HEADER + k * first)] };
  return {
    issued: view.getUint32(16),
    withdrawn: view.getUint32(20),
    sparse: answer === 0 || (answer === 2 && k >= 16),
    contains(key) {
      if (answer !== 2) return answer === 1;
      if (!matches(key, one)) return false;
      const { slot, coefficients } = look(key, two);
      return parity(two.columns[0] ?? body, slot, coefficients) === 1;
    },
  };
}
