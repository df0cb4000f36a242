import { describe, expect, it } from "vitest";
import { Burst, type Key, usCharacter } from "./burst";

const GS = "\u001d";
const US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./";
const US_SHIFTED = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?';
const LAYOUTS = {
  us: US + US_SHIFTED,
  ru: "ё1234567890-=йцукенгшщзхъ\\фывапролджэячсмитьбю." + 'Ё!"№;%:?*()_+ЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,',
  kk: '("әіңғ,.үұқөһйцукенгшщзхъ\\фывапролджэячсмитьбю№' + ")!ӘІҢҒ;:ҮҰҚӨҺЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ?",
};
const CODES = "Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Backslash KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash".split(" ");

type Separator = "ctrl" | "f8" | "alt" | "dropped";

/** Presses as a scanner set to a US keyboard makes them, seen by a computer with some layout. */
class Typist {
  readonly burst = new Burst();
  now = 1000;
  last = "ignored";

  constructor(
    private readonly layout: keyof typeof LAYOUTS = "us",
    private readonly gap = 4,
    readonly capsLock = false,
  ) {}

  press(code: string, more: Partial<Key> = {}): void {
    this.now += this.gap;
    const plain = { code, key: "", shiftKey: false, ctrlKey: false, altKey: false, repeat: false, capsLock: this.capsLock };
    this.last = this.burst.down({ ...plain, timeStamp: this.now, ...more });
  }

  type(text: string, separator: Separator): void {
    for (const letter of text) {
      if (letter === GS) this.separate(separator);
      else this.letter(letter);
    }
  }

  letter(letter: string): void {
    const shift = !US.includes(letter);
    const at = shift ? US_SHIFTED.indexOf(letter) : US.indexOf(letter);
    if (shift) this.press("ShiftLeft", { key: "Shift", shiftKey: true });
    this.press(CODES[at] ?? "", { shiftKey: shift, key: LAYOUTS[this.layout].charAt(at + (shift ? US.length : 0)) });
  }

  private separate(separator: Separator): void {
    if (separator === "ctrl") {
      this.press("ControlLeft", { key: "Control", ctrlKey: true });
      this.press("BracketRight", { ctrlKey: true, key: this.layout === "us" ? "]" : "ъ" });
    } else if (separator === "f8") this.press("F8", { key: "F8" });
    else if (separator === "alt") {
      this.press("AltLeft", { key: "Alt", altKey: true });
      for (const digit of "029") this.press(`Numpad${digit}`, { key: digit, altKey: true });
      this.burst.up("AltLeft");
    }
  }
}

const MARKS = [
  `010487000123456221aB3-x.Z_9'q"7${GS}91T001${GS}92AbC+/9==`,
  `010460704938034421 5Dt3NR4BIkMBE${GS}91EE11${GS}92UafA=`.replace(" ", ""),
  `0104870001234562215!"%&'()*+,-./${GS}93aB0=`,
  `010487000123456221:;<=>?_ABCDEFG${GS}91T0a1${GS}92zzzz`,
  `010487000123456221abcdefghijklmn${GS}91T002${GS}92ABCD`,
  `010487000123456221ABCDEFGHIJKLMN${GS}91T003${GS}92abcd`,
  `010487000123456221opqrstuvwxyz01${GS}91T004${GS}920+1/`,
  `010487000123456221OPQRSTUVWXYZ23${GS}91T005${GS}92====`,
  `KZ-430202-ABCDEFG123`,
  `00048700012345678905`,
  `]d2010487000123456221x${GS}91T001${GS}92y`,
  `https://id.kz/01/04870001234562/21/aB?x=1&y=2#z`,
];

describe("a scanner under every layout and separator", () => {
  for (const layout of ["us", "ru", "kk"] as const) {
    for (const separator of ["ctrl", "f8", "alt", "dropped"] as const) {
      it.each(MARKS)(`${layout}, GS as ${separator}: %j`, (mark) => {
        const typist = new Typist(layout);
        typist.type(mark, separator);
        typist.press("Enter", { key: "Enter" });
        expect(typist.last).toBe("complete");
        expect(typist.burst.text).toBe(separator === "dropped" ? mark.replaceAll(GS, "") : mark);
      });
    }
  }
});

it("takes Alt for released when the next key comes without it", () => {
  const typist = new Typist();
  typist.type("01048700", "dropped");
  for (const digit of "029") typist.press(`Numpad${digit}`, { altKey: true });
  typist.type("91", "dropped");
  typist.press("Enter");
  expect(typist.burst.text).toBe(`01048700${GS}91`);
});

describe("CapsLock", () => {
  it("left on by a person changes nothing: the physical keys are read", () => {
    const typist = new Typist("us", 4, true);
    typist.type("01ABCdef12", "dropped");
    typist.press("Tab");
    expect(typist.burst.text).toBe("01ABCdef12");
  });

  it("toggled by the scanner instead of Shift is followed", () => {
    const typist = new Typist();
    for (const digit of "0123456") typist.letter(digit);
    typist.press("CapsLock", { capsLock: true });
    typist.press("KeyA", { key: "A", capsLock: true });
    typist.press("CapsLock", { capsLock: false });
    typist.press("KeyB", { key: "b" });
    typist.press("Enter");
    expect(typist.burst.text).toBe("0123456Ab");
  });

  it("is undone where a phone's keyboard gives characters only", () => {
    const typist = new Typist("us", 4, true);
    for (const letter of "0104aBcD") typist.press("", { key: letter });
    typist.press("", { key: "Enter" });
    expect(typist.burst.text).toBe("0104AbCd");
  });
});

describe("what is no scanner", () => {
  it("is a person, however steady", () => {
    const typist = new Typist("us", 60);
    typist.type("0104870001234562", "dropped");
    typist.press("Enter");
    expect(typist.last).toBe("ignored");
  });

  it("is seven characters and Enter", () => {
    const typist = new Typist();
    typist.type("1234567", "dropped");
    typist.press("Enter");
    expect(typist.last).toBe("ignored");
  });

  it("is a burst without an end", () => {
    const typist = new Typist();
    typist.type("0104870001234562", "dropped");
    expect(typist.last).toBe("collected");
  });

  it("is a key held down", () => {
    const typist = new Typist("us", 30);
    typist.press("KeyA", { key: "a" });
    for (let i = 0; i < 20; i += 1) typist.press("KeyA", { key: "a", repeat: true });
    typist.press("Enter");
    expect(typist.last).toBe("ignored");
  });

  it("leaves what was typed before the pause out of the scan", () => {
    const typist = new Typist();
    typist.type("old", "dropped");
    typist.now += 500;
    typist.type("0104870001234562", "dropped");
    typist.press("Enter");
    expect(typist.burst.text).toBe("0104870001234562");
  });
});

describe("usCharacter", () => {
  it("gives every printable ASCII character by some key", () => {
    const all = new Set<string>();
    for (const code of [...CODES, "Space"]) for (const shift of [false, true]) all.add(usCharacter(code, shift));
    for (let c = 32; c < 127; c += 1) expect(all).toContain(String.fromCharCode(c));
  });

  it("reads the number pad whatever Shift does", () => {
    expect(usCharacter("Numpad7", true)).toBe("7");
    expect(usCharacter("NumpadDivide", false)).toBe("/");
  });

  it("knows no character for keys without one", () => {
    expect(usCharacter("F5", false)).toBe("");
    expect(usCharacter("ShiftLeft", true)).toBe("");
  });
});
