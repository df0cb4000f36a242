/** Marks of other countries' systems: which one, and what says so. */
import type { Scan } from "./mark";

/** Our own key ids begin with this letter. */
export const OWN_KEY = "T";

/** `country`: ISO 3166 alpha-2, "EU" or null. */
export interface Foreign {
  system: "chestny_znak" | "asl_belgisi" | "belarus" | "kyrgyzstan" | "armenia" | "eu_medicines" | "gs1_other";
  country: string | null;
  by: "prefix" | "key" | "format";
}

const SYSTEMS: Record<string, Foreign["system"]> = {
  RU: "chestny_znak", UZ: "asl_belgisi", BY: "belarus", KG: "kyrgyzstan", AM: "armenia",
};
const PREFIXES: Record<string, string> = { 478: "UZ", 470: "KG", 481: "BY", 485: "AM", 487: "KZ" };

/**
 * Country of a 14-digit GTIN's GS1 prefix among the marking systems around us, KZ included, else null. The prefix
 * follows the indicator digit; a GTIN-8 has its own, six zeros later.
 */
export function countryOf(gtin: string): string | null {
  const prefix = gtin.startsWith("000000") ? gtin.slice(6, 9) : gtin.slice(1, 4);
  return prefix.startsWith("46") ? "RU" : (PREFIXES[prefix] ?? null);
}

/** The system that a mark unknown to our register belongs to; null for our own and for what is no mark. */
export function foreign(scan: Scan): Foreign | null {
  if (scan.kind === "fur") return byCountry(scan.fur?.slice(0, 2) ?? null, "format");
  if (scan.gtin === null) return null;
  const country = countryOf(scan.gtin);
  if (scan.kind === "tobacco") return byCountry(country ?? "RU", "format");
  if (scan.kind !== "mark") return null;
  const has = (...ais: string[]): boolean => ais.some((ai) => ai in scan.ais);
  const key = scan.keyId;
  if (key?.startsWith(OWN_KEY)) return null;
  if (key !== null && /^(?:EE|FF|F0)[0-9A-F]{2}$/i.test(key)) return byCountry("RU", "key");
  if (has("10") && has("17") && !has("91", "92", "93")) return { system: "eu_medicines", country: "EU", by: "format" };
  if (country !== null) return byCountry(country, "prefix");
  if (key !== null) return { system: "gs1_other", country: null, by: "key" };
  if (has("93")) return byCountry("RU", "format");
  const plain = Object.keys(scan.ais).every((ai) => ["01", "21", "91", "92", "93"].includes(ai));
  return plain ? null : { system: "gs1_other", country: null, by: "format" };
}

function byCountry(country: string | null, by: Foreign["by"]): Foreign | null {
  const system = SYSTEMS[country ?? ""];
  return system === undefined ? null : { system, country, by };
}
