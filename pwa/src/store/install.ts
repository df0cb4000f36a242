/** Installing the app, and whether the browser promises to keep its data. */

import { signal } from "@preact/signals";

interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: "accepted" | "dismissed" }>;
}

/** The browser's own question, where it lends it to us (Chromium). */
export const installPrompt = signal<InstallPrompt | null>(null);

export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    installPrompt.value = event as InstallPrompt;
  });
  addEventListener("appinstalled", () => {
    installPrompt.value = null;
  });
}

export async function install(): Promise<void> {
  const prompt = installPrompt.value;
  installPrompt.value = null;
  await prompt?.prompt();
}

export function installed(): boolean {
  const standalone = (navigator as { standalone?: boolean }).standalone === true;
  return standalone || matchMedia("(display-mode: standalone), (display-mode: minimal-ui)").matches;
}

/** iPhone and iPad, also the iPad that calls itself a Mac. */
export function isApple(): boolean {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes("Mac") && navigator.maxTouchPoints > 1);
}

export interface Storage {
  /** True: the browser will not clear it under pressure; null: it does not say. */
  persisted: boolean | null;
  /** Bytes in use. */
  used: number | null;
}

/** Asks for lasting storage; called when somebody looks at the storage state or keeps something for later. */
export async function askToKeep(): Promise<Storage> {
  try {
    const persisted = (await navigator.storage.persisted()) || (await navigator.storage.persist());
    return { persisted, used: (await navigator.storage.estimate()).usage ?? null };
  } catch {
    return { persisted: null, used: null };
  }
}
