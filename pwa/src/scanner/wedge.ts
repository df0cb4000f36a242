/** Hand scanners that type: a burst of keys anywhere in the app becomes one scan, and nothing reaches the fields. */

import { signal } from "@preact/signals";
import { Burst, type Key } from "./burst";
import type { RawScan } from "./scan";

type Listener = (scan: RawScan) => void;

/** Outside fields keys are kept from buttons and shortcuts once this many came at a scanner's pace. */
const SURE_AFTER = 4;

const ONLY = "tanba.hand-scanner";

/** only: the person scans by hand scanner and wants no camera. heard: one has spoken since the app was opened. */
export const handScanner = { only: signal(rememberedOnly()), heard: signal(false) };

function rememberedOnly(): boolean {
  try {
    return localStorage.getItem(ONLY) === "only";
  } catch {
    return false;
  }
}

export function setHandScannerOnly(only: boolean): void {
  handScanner.only.value = only;
  try {
    localStorage.setItem(ONLY, only ? "only" : "camera");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}


const listeners: Listener[] = [];
let stopKeys: (() => void) | null = null;

/**
 * Hands every burst of a hand scanner to `onScan`, anywhere in the app. The newest listener alone is asked, so that a
 * screen which takes scans comes before the listener of the whole app.
 *
 * @returns stop.
 */
export function listen(onScan: Listener): () => void {
  listeners.push(onScan);
  stopKeys ??= watchKeys(window, (scan) => {
    handScanner.heard.value = true;
    listeners.at(-1)?.(scan);
  });
  return () => {
    const at = listeners.lastIndexOf(onScan);
    if (at >= 0) listeners.splice(at, 1);
    if (listeners.length === 0) {
      stopKeys?.();
      stopKeys = null;
    }
  };
}

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Watches a window's keys in the capture phase, before any field or shortcut sees them. */
export function watchKeys(target: EventTarget, onScan: Listener): () => void {
  const burst = new Burst();
  let field: Field | null = null;
  let before = "";

  const down = (event: Event): void => {
    const press = event as KeyboardEvent;
    if (typeof press.code !== "string" || press.isComposing || secret(press.target)) return;
    const verdict = burst.down(asKey(press));
    if (burst.presses === 1) {
      // Nothing is typed yet in the capture phase: this is what the field held before the scan.
      field = editable(press.target);
      before = field?.value ?? "";
    }
    if (verdict === "complete") {
      quiet(press);
      if (field) restore(field, before);
      const text = burst.text;
      burst.reset();
      field = null;
      onScan({ text, symbology: null, source: "wedge", format: "" });
    } else if (press.code === "Enter" || press.code === "Tab") {
      burst.reset();
    } else if (!editable(press.target) && burst.presses >= SURE_AFTER && burst.fast) {
      quiet(press);
    }
  };
  const up = (event: Event): void => burst.up((event as KeyboardEvent).code);

  target.addEventListener("keydown", down, true);
  target.addEventListener("keyup", up, true);
  return () => {
    target.removeEventListener("keydown", down, true);
    target.removeEventListener("keyup", up, true);
  };
}

function asKey(event: KeyboardEvent): Key {
  const { code, key, shiftKey, ctrlKey, altKey, repeat, timeStamp } = event;
  return { code, key, shiftKey, ctrlKey, altKey, repeat, timeStamp, capsLock: event.getModifierState("CapsLock") };
}

function quiet(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/** Password managers type fast, too, and their text is nobody's business. */
function secret(target: EventTarget | null): boolean {
  return hasTag(target, "INPUT") && (target as HTMLInputElement).type === "password";
}

function editable(target: EventTarget | null): Field | null {
  return hasTag(target, "INPUT") || hasTag(target, "TEXTAREA") ? (target as Field) : null;
}

function hasTag(target: EventTarget | null, tag: string): boolean {
  return target !== null && (target as Partial<Element>).tagName === tag;
}

/** Takes back what the burst typed into a field that happened to have the focus. */
function restore(field: Field, value: string): void {
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
