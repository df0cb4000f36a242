/** Codes whose separators were lost on the way: cut by the groups' shapes, only when one cut is possible. */
import { GS, type Pair } from "./gs1-elements";
import { ALPHABETS } from "./gs1-table";
import type { Template } from "./mark";

const ANY = ALPHABETS["x"] ?? "";

/** True if the lengths of a code are those of the group. Parts that are absent do not contradict. */
export function fits(template: Template, serial: string, keyId: string | null, tail: string | null): boolean {
  return serial.length === template.serialLength
    && (keyId === null || (template.keyAi !== null && keyId.length === template.keyLength))
    && (tail === null || template.tailLengths.includes(tail.length));
}

function shape(template: Template): RegExp {
  const tails = template.tailLengths.map((length) => `${ANY}{${length}}`).join("|");
  const tail = `(?:${GS}?${template.tailAi}(${tails}))?`;
  const whole = template.keyAi === null ? tail : `(?:${GS}?${template.keyAi}(${ANY}{${template.keyLength}})${tail})?`;
  return new RegExp(`^01([0-9]{14})21(${ANY}{${template.serialLength}})${whole}${GS}?$`);
}

function distinct(cuts: readonly (Pair[] | null)[]): Pair[][] {
  return [...new Map(cuts.filter((cut) => cut !== null).map((cut) => [JSON.stringify(cut), cut])).values()];
}

/** Every distinct way to cut `text` by the templates. */
export function restored(text: string, templates: readonly Template[]): Pair[][] {
  return distinct(templates.map((template) => {
    const match = shape(template).exec(text);
    if (match === null) return null;
    const names = ["01", "21", ...(template.keyAi === null ? [] : [template.keyAi]), template.tailAi];
    return names.map((ai, at): Pair => [ai, match[at + 1] ?? ""]).filter(([, value]) => value !== "");
  }));
}

/** 01 and 21 where the serial's length leads to a tail's identifier, whatever became of the tail behind it. */
export function certainSerials(text: string, templates: readonly Template[]): Pair[][] {
  return distinct(templates.map((template) => {
    const match = new RegExp(`^01([0-9]{14})21(${ANY}{${template.serialLength}})${GS}?9[123]`).exec(text);
    return match === null ? null : [["01", match[1] ?? ""], ["21", match[2] ?? ""]];
  }));
}
