/** What was chosen and typed, kept on the device until the application is approved, so that nothing is typed twice. */

import { effect, signal } from "@preact/signals";
import { type Application, type Form } from "../../api/registration";
import { looksLikeEmail, normalPhone } from "../../domain/phone";

export type Kind = Exclude<NonNullable<Form["kind"]>, "sole_trader">;
export type Holder = NonNullable<Form["declaration_holder"]>;

export interface Typed {
  /** Whose application this belongs to. */
  number: string;
  kind: Kind | null;
  holder: Holder | null;
  groups: string[];
  names: { kk: string; ru: string; en: string };
  email: string;
  phone: string;
  /** Where the person was. */
  step: string;
  /** False while the server has something else. */
  sent: boolean;
}

/** What the server calls the fields that are called otherwise here. */
const FIELDS: Record<string, string[]> = { kind: ["kind", "trade"], holder: ["declaration_holder"] };

const KEPT = "tanba.registration";

export const typed = signal<Typed | null>(read());

effect(() => {
  try {
    if (typed.value) localStorage.setItem(KEPT, JSON.stringify(typed.value));
    else localStorage.removeItem(KEPT);
  } catch {
    // Storage is blocked: what is typed lasts as long as the page.
  }
});

/** What was typed here, else what the server has; another person's is forgotten. */
export function takeUp(application: Application): void {
  if (typed.value?.number === application.number) return;
  typed.value = {
    number: application.number,
    kind: (application.trade ?? application.kind) as Kind | null,
    holder: application.declaration_holder,
    groups: application.groups,
    names: { ...application.names },
    email: application.email ?? "",
    phone: application.phone ?? "",
    step: "",
    sent: application.filled,
  };
}

/** Errors to show beside the fields of the form, by the names that the server gives them. */
export const wrong = signal<ReadonlySet<string>>(new Set());

/** What is being mended is no longer called wrong. */
export function type(change: Partial<Omit<Typed, "number" | "step" | "sent">>): void {
  if (!typed.value) return;
  typed.value = { ...typed.value, ...change, sent: false };
  const mended = new Set(Object.keys(change).flatMap((name) => FIELDS[name] ?? [name]));
  wrong.value = new Set([...wrong.value].filter((field) => !mended.has(field.split(".")[0] ?? "")));
}

/** Where the person is now; nothing to send. */
export function reach(step: string): void {
  if (typed.value) typed.value = { ...typed.value, step };
}

/** The server has it all. */
export function sent(): void {
  if (typed.value) typed.value = { ...typed.value, sent: true };
}

export function forget(): void {
  typed.value = null;
}

export function toForm(application: Application, given: Typed, language: Form["language"]): Form {
  const contacts = { email: given.email.trim(), phone: normalPhone(given.phone) ?? given.phone.trim(), language };
  if (application.purpose === "head_change") return { ...contacts, groups: [] };
  const alone = application.certificate.bin === null;
  return {
    ...contacts,
    kind: alone ? "sole_trader" : given.kind,
    trade: alone ? given.kind : null,
    declaration_holder: given.kind === "importer" ? given.holder : null,
    groups: given.groups,
    names: { ...given.names, [application.fixed_name]: null },
  };
}

/** Which fields of a step are missing or wrong, under the names that the server gives them. */
export function wrongNames({ names }: Typed): string[] {
  return (["kk", "ru", "en"] as const).filter((language) => !names[language].trim()).map((language) => `names.${language}`);
}

export function wrongChoices({ kind, holder, groups }: Typed): string[] {
  return [!kind && "kind", kind === "importer" && !holder && "declaration_holder", groups.length === 0 && "groups"].filter(
    (field): field is string => Boolean(field),
  );
}

export function wrongContacts({ email, phone }: Typed): string[] {
  return [!looksLikeEmail(email) && "email", !normalPhone(phone) && "phone"].filter((field): field is string => Boolean(field));
}

function read(): Typed | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null") as Typed | null;
  } catch {
    return null;
  }
}
