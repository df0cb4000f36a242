/** What a fact of the audit trail says beyond its name, in words. Ids that only a checker needs are left to the record. */

import { formatDate, formatDateTime, formatNumber, hasWords, lang, t } from "../../i18n";
import type { AuditFact } from "../../api/organisation";

type Said = Record<string, unknown>;

/** Where values of a field have words of their own; the first that knows one speaks. */
const WORDED: Record<string, readonly string[]> = {
  changed: ["audit.changed_"],
  functions: ["organisation.fn_"],
  kind: ["organisation.place_", "registration.kind_", "acts.kind_"],
  role: ["audit.role_"],
  scopes: ["integrations.scope."],
  state: ["acts.state_", "registration.contract_", "audit.state_"],
};
const LISTS_NAMES = new Set(["heads", "person", "place", "places"]);
const MOMENT = /^\d{4}-\d{2}-\d{2}T/;

/** @param names what people and places of the organisation are called, by id */
export function said(fact: Pick<AuditFact, "before" | "after" | "detail">, names: ReadonlyMap<string, string>): [string, string][] {
  const [before, after, detail] = [fact.before ?? {}, fact.after ?? {}, fact.detail ?? {}];
  const changed: [string, string][] = [];
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const label = `audit.said_${field}`;
    if (!hasWords(label)) continue;
    const [was, is] = [spoken(before, field, names), spoken(after, field, names)];
    if (fact.before && fact.after && field in before && field in after) {
      if (was !== is) changed.push([t(label), `${was || t("audit.none")} → ${is || t("audit.none")}`]);
    } else if (was || is) changed.push([t(label), was || is]);
  }
  for (const field of Object.keys(detail)) {
    const [label, value] = [`audit.said_${field}`, spoken(detail, field, names)];
    if (hasWords(label) && value && value !== "0") changed.push([t(label), value]);
  }
  return changed;
}

function spoken(said: Said, field: string, names: ReadonlyMap<string, string>): string {
  const value = said[field];
  if (Array.isArray(value)) return value.map((one) => single(one, field, names)).filter(Boolean).join(", ");
  return single(value, field, names);
}

function single(value: unknown, field: string, names: ReadonlyMap<string, string>): string {
  if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "string") return text(value, field, names);
  if (value && typeof value === "object") return named(value as Said);
  return "";
}

function text(value: string, field: string, names: ReadonlyMap<string, string>): string {
  if (LISTS_NAMES.has(field)) return names.get(value) ?? "";
  // The end of a term is the midnight after its last day.
  if (field === "valid_until") return formatDate(MOMENT.test(value) ? Date.parse(value) - 1 : value);
  if (MOMENT.test(value)) return formatDateTime(value);
  if (field === "valid_from") return formatDate(value);
  const key = WORDED[field]?.map((prefix) => prefix + value).find(hasWords);
  if (key && hasWords(key)) return t(key);
  return field === "changed" ? "" : value;
}

/** Names in three languages. */
function named(value: Said): string {
  const own = value[lang.value];
  return typeof own === "string" ? own : "";
}
