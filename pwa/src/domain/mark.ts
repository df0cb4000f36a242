/** What a reading of a code says: its kind, its parts, what was repaired and what is wrong. */

/** `mark` is 01+21 with any tail; `elements` is any other GS1 message; `other` is readable, but no mark. */
export type Kind = "mark" | "fur" | "package" | "gtin" | "tobacco" | "elements" | "other" | "unreadable";

/**
 * The shape of a product group's codes, needed where separators are lost. `serialLength` is of AI 21; `keyAi` and
 * `keyLength` are the key id (null: the tail stands alone); `tailAi` and `tailLengths` the crypto tail.
 */
export interface Template {
  group: string;
  serialLength: number;
  keyLength: number;
  tailLengths: readonly number[];
  keyAi: string | null;
  tailAi: string;
}

/** The same as the server writes it in GET /groups. */
export interface TemplateJson {
  group: string;
  serial_length: number;
  key_length: number;
  tail_lengths: readonly number[];
  key_ai: string | null;
  tail_ai: string;
}

/**
 * One reading; parts that the kind does not have are null. `problem` of an unreadable scan says why; on a mark it is
 * "tail": the identification code is certain, the tail behind it is damaged and not given. `text` is the normalised
 * text, an element string with GS for GS1 kinds. `ntin` is a number of the national catalogue.
 */
export interface Scan {
  kind: Kind;
  gtin: string | null;
  serial: string | null;
  keyId: string | null;
  tail: string | null;
  sscc: string | null;
  fur: string | null;
  ais: Readonly<Record<string, string>>;
  repairs: readonly string[];
  problem: string | null;
  text: string;
  ntin: string | null;
}

/** A scan of one kind; what is not given is absent. */
export function scan(kind: Kind, parts: Partial<Scan> = {}): Scan {
  return {
    kind, gtin: null, serial: null, keyId: null, tail: null, sscc: null, fur: null, ais: {}, repairs: [],
    problem: null, text: "", ntin: null, ...parts,
  };
}

export function toTemplate(json: TemplateJson): Template {
  return {
    group: json.group, serialLength: json.serial_length, keyLength: json.key_length, tailLengths: json.tail_lengths,
    keyAi: json.key_ai, tailAi: json.tail_ai,
  };
}

/** What documents carry: "01<gtin>21<serial>", the fur mark, "00<sscc>", a tobacco pack's 21 characters, or null. */
export function identificationCode(read: Scan): string | null {
  if (read.kind === "mark") return `01${read.gtin}21${read.serial}`;
  if (read.kind === "tobacco") return `${read.gtin}${read.serial}`;
  return read.kind === "package" ? `00${read.sscc}` : read.fur;
}
