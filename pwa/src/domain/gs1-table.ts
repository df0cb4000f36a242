/** The table of application identifiers; its notation is described in backend/core/gs1/table.py, the file is the same. */
import table from "./ai-table.json";

export const ALPHABETS: Record<string, string> = {
  n: "[0-9]", x: "[!-\"%-?A-Z_a-z]", y: "[#\\-/0-9A-Z]", z: "[0-9A-Za-z_\\-]",
};

/** One identifier. `predefined`: length of a value that needs no separator, else null. */
export interface Identifier {
  shortest: number;
  longest: number;
  predefined: number | null;
  pattern: RegExp;
  characters: RegExp;
  rules: readonly (string | null)[];
  needs: readonly (readonly (readonly RegExp[])[])[];
  excludes: readonly RegExp[];
}

const like = (ai: string): RegExp => new RegExp(`^${ai.trim().replaceAll("n", "[0-9]")}$`);

function identifier(ai: string, entry: string): Identifier {
  const [notation = "", needs = "", excludes = ""] = entry.split(";");
  let shortest = 0;
  let longest = 0;
  let pattern = "";
  let characters = "";
  const rules: (string | null)[] = [];
  for (const word of notation.trim().split(" ")) {
    const [, letter = "", upTo, length = "", optional = "", rule] = /^([nxyz])(\.\.)?(\d+)(\??)(?::(\w+))?$/.exec(word) ?? [];
    const alphabet = ALPHABETS[letter] ?? "";
    shortest += optional ? 0 : upTo ? 1 : Number(length);
    longest += Number(length);
    pattern += `(${alphabet}{${upTo ? 1 : length},${length}})${optional}`;
    characters += `|${alphabet}`;
    rules.push(rule ?? null);
  }
  return {
    shortest, longest, rules,
    predefined: (table.predefined as Record<string, number>)[ai.slice(0, 2)] ?? null,
    pattern: new RegExp(`^${pattern}$`),
    characters: new RegExp(`^(?:${characters.slice(1)})+$`),
    needs: needs.split("&").filter((group) => group.trim())
      .map((group) => group.split(",").map((choice) => choice.split("+").map(like))),
    excludes: excludes.split(",").filter((one) => one.trim()).map(like),
  };
}

const entries = new Map<string, string>();
for (const [stem, entry] of Object.entries(table.identifiers)) {
  const digits = table.last_digit as Record<string, number>;
  const last = stem.length === 3 ? (digits[stem] ?? digits[stem.slice(0, 2)]) : undefined;
  if (last === undefined) entries.set(stem, entry);
  else for (let digit = 0; digit <= last; digit += 1) entries.set(`${stem}${digit}`, entry);
}

/** GS1 gives every first two digits one length of identifier, so two digits say how many to read. */
export const AI_LENGTHS = new Map([...entries.keys()].map((ai) => [ai.slice(0, 2), ai.length]));

const compiled = new Map<string, Identifier>();

/** The identifier's entry, compiled when it is first met: a check meets four of five hundred. */
export function identifierOf(ai: string): Identifier | null {
  const entry = entries.get(ai);
  if (entry === undefined) return null;
  let found = compiled.get(ai);
  if (found === undefined) compiled.set(ai, (found = identifier(ai, entry)));
  return found;
}

export const isIdentifier = (ai: string): boolean => entries.has(ai);

/** Keys of a Digital Link with the chains of qualifiers that may follow each. */
export const LINK_KEYS = new Map(
  Object.entries(table.link_keys as Record<string, string[]>)
    .map(([key, chains]) => [key, chains.map((chain) => chain.split(","))]),
);
export const NOT_IN_LINKS: readonly string[] = table.not_in_links;
