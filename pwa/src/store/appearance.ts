/** Light, dark, or as the device has it; set before the first paint, so that nothing flashes. */

import { effect, signal } from "@preact/signals";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const STORED = "tanba.theme";

export const theme = signal<Theme>("system");

export function setTheme(next: Theme): void {
  theme.value = next;
  try {
    localStorage.setItem(STORED, next);
  } catch {
    // Storage is blocked: the choice lasts for this visit.
  }
}

/** Reads the last choice and keeps the page and the browser's own frame in step with it. */
export function applyTheme(): void {
  theme.value = stored();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const system = signal(dark.matches);
  dark.addEventListener("change", (event) => (system.value = event.matches));
  effect(() => {
    const actual = theme.value === "system" ? (system.value ? "dark" : "light") : theme.value;
    document.documentElement.dataset.theme = actual;
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", actual === "dark" ? "#14130f" : "#faf6ec");
  });
}

function stored(): Theme {
  try {
    const found = localStorage.getItem(STORED);
    return THEMES.find((one) => one === found) ?? "system";
  } catch {
    return "system";
  }
}
