import { expect, it } from "vitest";
import { build, checkDigit, read, type Template } from "./gs1";
import { unlayout } from "./gs1-layouts";

const US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?";
const LAYOUTS = {
  Russian: "ё1234567890-=йцукенгшщзхъ\\фывапролджэячсмитьбю.Ё!\"№;%:?*()_+ЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,",
  Kazakh: "(\"әіңғ,.үұқөһйцукенгшщзхъ\\фывапролджэячсмитьбю№)!ӘІҢҒ;:ҮҰҚӨҺЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ?",
};
const CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const TEMPLATE: Template = {
  group: "footwear", serialLength: 13, keyLength: 4, tailLengths: [88, 44], keyAi: "91", tailAi: "92",
};

/** A small generator with a seed (xorshift32), so that a failure comes again. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

it.each(Object.entries(LAYOUTS))("20 000 codes through the %s layout come back", (_, layout) => {
  const roll = dice(20);
  const some = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(roll(alphabet.length))).join("");
  for (let number = 0; number < 20_000; number += 1) {
    const body = `1${some("0123456789", 12)}`;
    const code = build(`${body}${checkDigit(body)}`, some(CSET82, 13), "T4a1", `${some(BASE64, 86)}==`);
    const garbled = Array.from(number % 2 ? code : code.replaceAll("\u001d", ""),
      (character) => layout.charAt(US.indexOf(character)) || character).join("");
    const scan = read(garbled, null, [TEMPLATE]);
    expect(scan.text).toBe(code);
    expect(scan.repairs).toEqual(number % 2 ? ["layout"] : ["layout", "gs_restored"]);
    expect(unlayout(code)).toBe(code);
  }
});
