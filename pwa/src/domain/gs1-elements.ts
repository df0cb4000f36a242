/** Element strings: strict splitting, values, associations, and building them (GS1 General Specifications 7.8). */
import { isGtin14 } from "./gs1-digits";
import { RULES } from "./gs1-rules";
import { AI_LENGTHS, identifierOf, isIdentifier } from "./gs1-table";

export const GS = "\u001d";
export type Pair = readonly [ai: string, value: string];
export type Ais = Record<string, string>;

/** An element string that breaks the standard; `problem` as in the server's ElementError. */
export class ElementError extends Error {
  constructor(readonly problem: string, readonly ai = "") {
    super(problem);
  }
}

function judgeValue(ai: string, value: string): void {
  const identifier = identifierOf(ai);
  if (identifier === null) throw new ElementError("syntax", ai);
  const match = identifier.pattern.exec(value);
  if (match === null) {
    const tooLong = value.length < identifier.shortest || value.length > identifier.longest || value.includes(GS);
    throw new ElementError(tooLong || identifier.characters.test(value) ? "length" : "characters", ai);
  }
  identifier.rules.forEach((name, at) => {
    const rule = name === null ? undefined : RULES[name];
    const text = match[at + 1];
    if (rule !== undefined && text !== undefined && !rule[1](text)) throw new ElementError(rule[0], ai);
  });
}

function judgeAssociations(ais: Ais): void {
  const names = Object.keys(ais);
  for (const ai of names) {
    const present = (pattern: RegExp): boolean => names.some((other) => other !== ai && pattern.test(other));
    const identifier = identifierOf(ai);
    if (identifier === null) throw new ElementError("syntax", ai);
    if (!identifier.needs.every((choices) => choices.some((together) => together.every(present)))
      || identifier.excludes.some(present)) throw new ElementError("association", ai);
  }
  // A signature signs one thing, so a key that can stand for a class must name its serial.
  const classes = [["253", 13], ["255", 13], ["8003", 14]] as const;
  if ("8030" in ais && classes.some(([key, length]) => ais[key]?.length === length)) {
    throw new ElementError("association", "8030");
  }
}

/** Judge values, repetitions and associations; throws ElementError. Objects keep numeric-looking keys sorted, so the
 * order of a message is that of `pairs`. */
export function collect(pairs: readonly Pair[]): Ais {
  const ais: Ais = {};
  for (const [ai, value] of pairs) {
    judgeValue(ai, value);
    if ((ais[ai] ??= value) !== value) throw new ElementError("association", ai);
  }
  if (pairs.length === 0) throw new ElementError("empty");
  judgeAssociations(ais);
  return ais;
}

/** Cut an element string (no leading FNC1) at its separators, values unjudged. */
export function split(text: string): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < text.length;) {
    const start = at + (AI_LENGTHS.get(text.slice(at, at + 2)) ?? 0);
    const ai = text.slice(at, start);
    const identifier = identifierOf(ai);
    if (identifier === null) throw new ElementError("syntax", text.slice(at, at + 4));
    let stop = text.indexOf(GS, start);
    if (identifier.predefined !== null) {
      // A separator after a predefined length is superfluous, and tolerated.
      stop = Math.min(start + identifier.predefined, text.length);
      at = text.charAt(stop) === GS ? stop + 1 : stop;
    } else {
      if (stop < 0) stop = text.length;
      at = stop + 1;
    }
    pairs.push([ai, text.slice(start, stop)]);
  }
  return pairs;
}

/** Judged pairs of an element string in their order, repetitions dropped. Throws ElementError. */
export function parse(text: string): Pair[] {
  return judged(split(text));
}

/** The same for pairs that were cut elsewhere. */
export function judged(pairs: readonly Pair[]): Pair[] {
  collect(pairs);
  return pairs.filter(([ai], at) => pairs.findIndex(([other]) => other === ai) === at);
}

/** The element string of pairs, with GS only where it is needed. */
export function join(pairs: readonly Pair[]): string {
  let text = "";
  let separate = false;
  for (const [ai, value] of pairs) {
    text += `${separate ? GS : ""}${ai}${value}`;
    separate = identifierOf(ai)?.predefined === null;
  }
  return text;
}

/** Cut "(01)…(21)…" at the brackets that hold a known identifier; "\(" is a bracket in a value. */
export function splitBracketed(text: string): Pair[] {
  const hidden = text.replaceAll("\\(", "\0");
  const marks = [...hidden.matchAll(/\(([0-9]{2,4})\)/g)].filter((found) => isIdentifier(found[1] ?? ""));
  if (marks[0]?.index !== 0) throw new ElementError("syntax");
  return marks.map((mark, at) => [
    mark[1] ?? "",
    hidden.slice(mark.index + mark[0].length, marks[at + 1]?.index).replaceAll("\0", "("),
  ]);
}

/** The element string of a code, without FNC1: 01, 21 and, when given, 91 and 92. RangeError: bad part. */
export function build(gtin: string, serial: string, keyId: string | null = null, tail: string | null = null): string {
  const bare = /^[!-"%-?A-Z_a-z]+$/;
  if (!isGtin14(gtin)) throw new RangeError("gtin");
  if (serial.length > 20 || !bare.test(serial)) throw new RangeError("serial");
  if (keyId === null && tail === null) return `01${gtin}21${serial}`;
  if (keyId === null || tail === null || !bare.test(keyId + tail)) throw new RangeError("tail");
  return `01${gtin}21${serial}${GS}91${keyId}${GS}92${tail}`;
}
