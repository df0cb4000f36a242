/** GS1 Digital Link URIs, uncompressed (URI Syntax 1.6): reading them strictly and making them. */
import { isGtin14 } from "./gs1-digits";
import { ElementError, judged, type Pair } from "./gs1-elements";
import { identifierOf, isIdentifier, LINK_KEYS, NOT_IN_LINKS } from "./gs1-table";

const URI = /^(?:https?|HTTPS?):\/\/(?:[A-Za-z0-9.-]+(?::[0-9]+)?|\[[0-9A-Fa-f:.]+\](?::[0-9]+)?)(\/[^?#]*)(?:\?([^#]*))?(?:#.*)?$/s;
const LEGAL = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/;

/** Undo percent-escapes byte by byte; in a query "+" is a space. A broken escape stays as it is. */
export function unescape(text: string, query = false): string {
  return (query ? text.replaceAll("+", " ") : text)
    .replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** Percent-escape all but unreserved characters, the same in path and query. Values are ASCII. */
export function escape(text: string): string {
  return text.replace(/[^A-Za-z0-9\-._~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

function isChain(key: string, qualifiers: readonly string[]): boolean {
  return qualifiers.length === 0 || (LINK_KEYS.get(key) ?? []).some((chain) => {
    const places = qualifiers.map((one) => chain.indexOf(one));
    return places.every((place, at) => place > (places[at - 1] ?? -1));
  });
}

/** Key and qualifiers at the end of a path; what stands before them is the stem. */
function pathOf(path: string): Pair[] {
  const segments = path.split("/").slice(1);
  // A trailing slash is tolerated, an empty value is not.
  if (segments.length > 2 && segments.at(-1) === "" && !isIdentifier(segments.at(-2) ?? "")) segments.pop();
  const pairs: Pair[] = [];
  for (let at = segments.length - 2; at >= 0; at -= 2) {
    const ai = segments[at] ?? "";
    const value = segments[at + 1] ?? "";
    if (!isIdentifier(ai)) break;
    if (value === "") throw new ElementError("length", ai);
    pairs.unshift([ai, unescape(value)]);
    if (LINK_KEYS.has(ai)) {
      if (!isChain(ai, pairs.slice(1).map(([one]) => one))) break;
      return pairs;
    }
  }
  throw new ElementError("link");
}

function queryOf(query: string, key: string, qualifiers: readonly string[]): Pair[] {
  const chains = LINK_KEYS.get(key) ?? [];
  const pairs: Pair[] = [];
  for (const word of query.split("&")) {
    const [, name = "", value = ""] = /^([0-9]+)=(.*)$/s.exec(word) ?? [];
    if (name === "") continue;
    const inPath = chains.some((chain) => chain.includes(name) && qualifiers.every((one) => chain.includes(one)));
    if (!isIdentifier(name) || NOT_IN_LINKS.includes(name) || inPath) throw new ElementError("link", name);
    if (value === "") throw new ElementError("length", name);
    pairs.push([name, unescape(value, true)]);
  }
  return pairs;
}

/**
 * Identifiers and values of a Digital Link of any host, in their order. `shortGtin` also takes a GTIN of 8, 12 or 13
 * digits, as URIs before syntax 1.4 had. Throws ElementError, problem "link" for what is no Digital Link.
 */
export function parseDigitalLink(uri: string, shortGtin = false): Pair[] {
  const match = URI.exec(uri);
  if (match === null || !LEGAL.test(uri)) throw new ElementError("link");
  const path = pathOf(match[1] ?? "");
  const qualifiers = path.slice(1).map(([ai]) => ai);
  const pairs = [...path, ...queryOf(match[2] ?? "", path[0]?.[0] ?? "", qualifiers)].map(([ai, value]): Pair =>
    [ai, shortGtin && ai === "01" && [8, 12, 13].includes(value.length) ? value.padStart(14, "0") : value]);
  if (new Set(pairs.map(([ai]) => ai)).size !== pairs.length) throw new ElementError("link");
  return judged(pairs);
}

/** The Digital Link of judged pairs: key and qualifiers in the path, the rest in the query, predefined lengths first. */
export function linkOf(base: string, pairs: readonly Pair[]): string {
  const values = new Map(pairs);
  const key = [...values.keys()].find((ai) => LINK_KEYS.has(ai));
  if (key === undefined) throw new ElementError("link");
  const chain = LINK_KEYS.get(key)?.find((one) => one.some((ai) => values.has(ai))) ?? [];
  const path = [key, ...chain].filter((ai) => values.has(ai)).map((ai) => `/${ai}/${escape(values.get(ai) ?? "")}`);
  const rest = [...values.keys()].filter((ai) => ai !== key && !chain.includes(ai));
  const stray = rest.find((ai) => NOT_IN_LINKS.includes(ai) || (ai === "235" && key === "01"));
  if (stray !== undefined) throw new ElementError("link", stray);
  const loose = (ai: string): number => (identifierOf(ai)?.predefined === null ? 1 : 0);
  const query = rest.sort((a, b) => loose(a) - loose(b)).map((ai) => `${ai}=${escape(values.get(ai) ?? "")}`);
  return `${base.replace(/\/+$/, "")}${path.join("")}${query.length > 0 ? "?" : ""}${query.join("&")}`;
}

/** `<base>/01/<gtin>/21/<serial>`: what a QR for people carries, never with a tail. RangeError: bad GTIN. */
export function digitalLink(base: string, gtin: string, serial: string): string {
  if (!isGtin14(gtin)) throw new RangeError("gtin");
  return `${base.replace(/\/+$/, "")}/01/${gtin}/21/${escape(serial)}`;
}
