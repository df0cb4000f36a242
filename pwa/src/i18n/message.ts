/** One message: a text, or its plural forms; `{name}` marks what is filled in. */

import { formatNumber } from "./format";

export type Plural = Partial<Record<Intl.LDMLPluralRule, string>>;
export type Message = string | Plural;
export type Catalogue = Record<string, Message>;
export type Params = Record<string, string | number>;

/** Chromium knows the plural rules of Kazakh, unlike its dates and numbers. */
export function pluralForm(forms: Plural, language: string, count: number): string {
  return forms[new Intl.PluralRules(language).select(count)] ?? forms.other ?? "";
}

/** An unknown name stays as it is written, so that a slip is seen. */
export function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? formatNumber(value) : value;
  });
}

export function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();
}
