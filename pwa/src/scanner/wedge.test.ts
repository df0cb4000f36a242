import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RawScan } from "./scan";
import { watchKeys } from "./wedge";

class FakeField extends EventTarget {
  value = "";
  constructor(
    readonly tagName: string,
    readonly type = "text",
  ) {
    super();
  }
}

let scans: RawScan[];
let now: number;
let stop: () => void;

function key(target: EventTarget, code: string, gap: number, name = ""): Event {
  const event = new Event("keydown", { cancelable: true, bubbles: true });
  now += gap;
  const press = { code, key: name, shiftKey: false, ctrlKey: false, altKey: false, repeat: false, isComposing: false };
  Object.assign(event, press, { getModifierState: () => false });
  Object.defineProperty(event, "timeStamp", { value: now });
  target.dispatchEvent(event);
  return event;
}

function digits(target: EventTarget, text: string, gap: number): Event[] {
  return [...text].map((digit) => {
    const event = key(target, `Digit${digit}`, gap, digit);
    if (target instanceof FakeField && !event.defaultPrevented) target.value += digit;
    return event;
  });
}

function watch<T extends EventTarget>(target: T): T {
  stop = watchKeys(target, (scan) => scans.push(scan));
  return target;
}

beforeEach(() => {
  scans = [];
  now = 5000;
});
afterEach(() => stop());

describe("keys of a hand scanner", () => {
  it("become one scan of unknown symbology", () => {
    const page = watch(new EventTarget());
    digits(page, "0104870001234562", 3);
    key(page, "Enter", 3);
    expect(scans).toEqual([{ text: "0104870001234562", symbology: null, source: "wedge", format: "" }]);
  });

  it("are kept from buttons and shortcuts once they are surely a scanner's, and so is the Enter", () => {
    const page = watch(new EventTarget());
    const events = digits(page, "0104870001234562", 3);
    expect(events.at(-1)?.defaultPrevented).toBe(true);
    expect(key(page, "Enter", 3).defaultPrevented).toBe(true);
  });

  it("leave a field as it was", () => {
    const field = watch(new FakeField("INPUT"));
    field.value = "Жайлау";
    const told = vi.fn();
    field.addEventListener("input", told);
    digits(field, "0104870001234562", 3);
    expect(field.value).toBe("Жайлау0104870001234562");
    expect(key(field, "Enter", 3).defaultPrevented).toBe(true);
    expect(field.value).toBe("Жайлау");
    expect(told).toHaveBeenCalledOnce();
    expect(scans).toHaveLength(1);
  });

  it("may come twice in a row", () => {
    const page = watch(new EventTarget());
    for (const code of ["0104870001234562", "0104870001234579"]) {
      digits(page, code, 3);
      key(page, "Enter", 3);
    }
    expect(scans.map((scan) => scan.text)).toEqual(["0104870001234562", "0104870001234579"]);
  });
});

describe("a person's keys", () => {
  it("reach their field, Enter included", () => {
    const field = watch(new FakeField("INPUT"));
    const events = digits(field, "870412300123", 90);
    const enter = key(field, "Enter", 90);
    expect([...events, enter].some((event) => event.defaultPrevented)).toBe(false);
    expect(field.value).toBe("870412300123");
    expect(scans).toEqual([]);
  });

  it("are never touched in a field, even when they start at a scanner's pace", () => {
    const field = watch(new FakeField("TEXTAREA"));
    const events = digits(field, "123456", 10);
    expect(events.some((event) => event.defaultPrevented)).toBe(false);
    expect(key(field, "Enter", 300).defaultPrevented).toBe(false);
  });

  it("are not read at all in a password field", () => {
    const field = watch(new FakeField("INPUT", "password"));
    digits(field, "0104870001234562", 3);
    expect(key(field, "Enter", 3).defaultPrevented).toBe(false);
    expect(scans).toEqual([]);
  });

  it("are not composed letters of an input method", () => {
    const page = watch(new EventTarget());
    const event = new Event("keydown", { cancelable: true });
    Object.assign(event, { code: "KeyA", key: "Process", isComposing: true });
    page.dispatchEvent(event);
    digits(page, "1234567", 3);
    key(page, "Enter", 3);
    expect(scans).toEqual([]);
  });
});
