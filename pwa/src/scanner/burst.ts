/**
 * Keys of a hand scanner to text. Physical keys are read instead of characters, because under a Russian or Kazakh
 * layout the same keys give other letters, and no layout gives GS.
 */

const GS = "\u001d";

/** Scanners type faster than any hand: mean gap between key presses in milliseconds. */
const BURST_GAP = 35;
/** One gap this long ends the burst, whatever the mean. */
const LONGEST_GAP = 120;
const SHORTEST_CODE = 8;

const PAIRS: Record<string, string> = {
  Digit1: "1!",
  Digit2: "2@",
  Digit3: "3#",
  Digit4: "4$",
  Digit5: "5%",
  Digit6: "6^",
  Digit7: "7&",
  Digit8: "8*",
  Digit9: "9(",
  Digit0: "0)",
  Minus: "-_",
  Equal: "=+",
  BracketLeft: "[{",
  BracketRight: "]}",
  Backslash: "\\|",
  IntlBackslash: "\\|",
  Semicolon: ";:",
  Quote: "'\"",
  Backquote: "`~",
  Comma: ",<",
  Period: ".>",
  Slash: "/?",
  Space: "  ",
  NumpadAdd: "++",
  NumpadSubtract: "--",
  NumpadMultiply: "**",
  NumpadDivide: "//",
  NumpadDecimal: "..",
};

/** The character of a physical key on a US keyboard, which is what scanners believe they are; "" for none. */
export function usCharacter(code: string, shift: boolean): string {
  if (/^Key[A-Z]$/.test(code)) return shift ? code.charAt(3) : code.charAt(3).toLowerCase();
  if (/^Numpad\d$/.test(code)) return code.charAt(6);
  return PAIRS[code]?.charAt(shift ? 1 : 0) ?? "";
}

/** The fields of a KeyboardEvent that a burst is made of. */
export interface Key {
  code: string;
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  repeat: boolean;
  timeStamp: number;
  /** State of the lock, not the key. */
  capsLock: boolean;
}

export type Verdict = "ignored" | "collected" | "complete";

/** Collects keys into one scan. Knows nothing of the page. */
export class Burst {
  text = "";
  /** Key presses so far, modifiers included. */
  presses = 0;
  private first = 0;
  private last = 0;
  private altDigits = "";
  private capsToggled = false;

  /** Whether the keys so far came at a scanner's pace. */
  get fast(): boolean {
    return this.presses > 1 && (this.last - this.first) / (this.presses - 1) < BURST_GAP;
  }

  down(key: Key): Verdict {
    if (key.repeat || key.timeStamp - this.last > LONGEST_GAP) this.reset();
    // A key held down repeats at a scanner's pace.
    if (key.repeat) return "ignored";
    if (this.presses === 0) this.first = key.timeStamp;
    this.presses += 1;
    this.last = key.timeStamp;
    // Alt was let go unseen, as when its release went to another window.
    if (!key.altKey) this.endAlt();
    if (key.code === "Enter" || key.code === "NumpadEnter" || key.key === "Enter" || key.code === "Tab") return this.end();
    if (key.code === "CapsLock") this.capsToggled = true;
    else if (key.altKey && /^(Digit|Numpad)\d$/.test(key.code)) this.altDigits += key.code.slice(-1);
    else this.text += this.character(key);
    return "collected";
  }

  /** Alt+029 gives its character when Alt is let go. */
  up(code: string): void {
    if (code === "AltLeft" || code === "AltRight") this.endAlt();
  }

  reset(): void {
    this.text = "";
    this.presses = 0;
    this.altDigits = "";
    this.capsToggled = false;
  }

  private endAlt(): void {
    if (this.altDigits) this.text += String.fromCharCode(Number(this.altDigits));
    this.altDigits = "";
  }

  private end(): Verdict {
    return this.fast && this.text.length >= SHORTEST_CODE ? "complete" : "ignored";
  }

  private character(key: Key): string {
    if (key.key === GS || key.code === "F8") return GS;
    if (key.ctrlKey && !key.altKey) {
      // Control characters come as Ctrl with the letter 64 places on: Ctrl+] is GS.
      const plain = usCharacter(key.code, key.shiftKey).toUpperCase();
      return /^[A-Z[\\\]^_]$/.test(plain) ? String.fromCharCode(plain.charCodeAt(0) - 64) : "";
    }
    const letter = usCharacter(key.code, key.shiftKey);
    if (letter) {
      // A scanner that shifts with the lock toggles it inside the burst. A lock left on by a person is not its doing:
      // the scanner still presses Shift for capitals, so the physical keys are right.
      return this.capsToggled && key.capsLock ? swapCase(letter) : letter;
    }
    // Android keyboards give no physical key; then the lock has already swapped what arrives.
    if (key.key.length !== 1) return "";
    return key.capsLock && !key.code ? swapCase(key.key) : key.key;
  }
}

function swapCase(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}
