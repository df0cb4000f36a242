/** Words of the active language: t("key") typed by the Russian catalogues, plurals by Intl, languages loaded one at a time. */

import { computed, signal } from "@preact/signals";
import { setFormat } from "./format";
import { type Catalogue, fill, type Params, pluralForm } from "./message";
import type { Key } from "./keys";

export { compareNames, fold, formatDate, formatDateTime, formatMoney, formatNumber, formatTime } from "./format";
export type { Key } from "./keys";

export const LANGUAGES = ["kk", "ru", "en"] as const;
export type Lang = (typeof LANGUAGES)[number];

/** `__test__` shows Kazakh words in brackets and longer by a third, so that forgotten and cut-off text is seen. */
export const TEST_LANGUAGE = "__test__";

const STORED = "tanba.lang";

const loaders: Record<Lang, () => Promise<{ default: Catalogue }>> = {
  kk: () => import("./kk"),
  ru: () => import("./ru"),
  en: () => import("./en"),
};

type Pack = "rest" | "participant" | "paper";

/**
 * Words that the first screen does not need, each pack loaded when somebody first does: those of verdicts and errors,
 * which are two thirds of all; of the participants' screens, which consumers never see; of the public check of papers.
 */
const packs: Record<Pack, Record<Lang, () => Promise<{ default: Catalogue }>>> = {
  rest: { kk: () => import("./kk/rest"), ru: () => import("./ru/rest"), en: () => import("./en/rest") },
  participant: { kk: () => import("./kk/participant"), ru: () => import("./ru/participant"), en: () => import("./en/participant") },
  paper: { kk: () => import("./kk/paper.json"), ru: () => import("./ru/paper.json"), en: () => import("./en/paper.json") },
};

/** The packs that are there, and come with every language that is chosen. */
const wanted = new Set<Pack>();

const words = signal<Catalogue>({});
const active = signal<Lang>("kk");

/** The language on screen; change it with {@link setLanguage}. */
export const lang = computed(() => active.value);

/** @returns the first language of ours among the browser's, in the person's order; Kazakh where there is none. */
export function firstLanguage(stored: string | null, preferred: readonly string[]): Lang {
  for (const wish of [stored, ...preferred]) {
    const found = LANGUAGES.find((language) => wish?.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "kk";
}

/** Loads what the address (`?lang=`), the person's last choice or the browser asks for. */
export async function loadFirstLanguage(): Promise<void> {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked === TEST_LANGUAGE) return loadTest();
  await load(firstLanguage(asked ?? readStored(), navigator.languages));
}

/** Switches and remembers. Fails only when the language is neither cached nor reachable; then the old one stays. */
export async function setLanguage(language: Lang): Promise<void> {
  await load(language);
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Storage is blocked: the choice lasts for this visit.
  }
}

/** Words for `key`, with `{name}` filled from `params`; `params.count` chooses the plural form. */
export function t(key: Key, params: Params = {}): string {
  const message = words.value[key];
  if (message === undefined) return key;
  const text = typeof message === "string" ? message : pluralForm(message, active.value, Number(params.count ?? 0));
  return fill(text, params);
}

/** For codes that come from the server: its own words where we have them, else those of `otherwise`. */
export function tCode(code: string, otherwise: Key, params?: Params): string {
  return t(hasWords(code) ? code : otherwise, params);
}

export function hasWords(key: string): key is Key {
  return Object.hasOwn(words.value, key);
}

/** From now on the words of verdicts and errors are there. Fails without network on a first visit, as the next two. */
export const loadAllWords = (): Promise<void> => loadPack("rest");

/** From now on the words of the participants' screens are there too. */
export async function loadParticipantWords(): Promise<void> {
  await loadAllWords();
  await loadPack("participant");
}

/** From now on the words of the public check of papers are there too. */
export async function loadPaperWords(): Promise<void> {
  await loadAllWords();
  await loadPack("paper");
}

async function loadPack(pack: Pack): Promise<void> {
  if (wanted.has(pack)) return;
  const language = active.value;
  const { default: more } = await packs[pack][language]();
  if (language !== active.value) return loadPack(pack);
  wanted.add(pack);
  words.value = { ...more, ...words.value };
}

async function load(language: Lang): Promise<void> {
  const asked = [...wanted].map((pack) => packs[pack][language]());
  const [{ default: first }, ...more] = await Promise.all([loaders[language](), ...asked]);
  const catalogue = Object.assign({}, ...more.map((one) => one.default), first) as Catalogue;
  setFormat(language);
  words.value = catalogue;
  active.value = language;
  document.documentElement.lang = language;
}

async function loadTest(): Promise<void> {
  await load("kk");
  await loadParticipantWords();
  const stretch = (text: string): string => `⟦${text}${"·".repeat(Math.ceil(text.length / 3))}⟧`;
  words.value = Object.fromEntries(
    Object.entries(words.value).map(([key, message]) => [
      key,
      typeof message === "string"
        ? stretch(message)
        : Object.fromEntries(Object.entries(message).map(([form, text]) => [form, stretch(text)])),
    ]),
  );
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
