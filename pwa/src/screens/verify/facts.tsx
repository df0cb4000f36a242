/** The goods: what the buyer compares with the thing in hand, and what the register says of it. */

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { Answer, Attribute } from "../../api/verification";
import { formatDate, t } from "../../i18n";
import { groups } from "../../store/groups";
import type { Check } from "../../store/history";
import { Button } from "../../ui/button";
import { reasonName } from "../../verdict/reasons";
import { countryName, nameIn, outcomeWords, say } from "../../verdict/words";
import css from "./facts.module.css";

type Fact = readonly [label: string, value: string];

interface CompareProps {
  check: Check;
  now: number;
  /** The buyer says that the thing is not what the code describes. */
  mismatch: Signal<boolean>;
}

/** A copied genuine code is the commonest fraud: only the eye finds it, so the comparison is a step of its own. */
export function Compare({ check, now, mismatch }: CompareProps): JSX.Element | null {
  const facts = compared(check.answer);
  if (facts.length === 0) return null;
  const doubtful = say(check, now).look === "ok" || check.answer.outcome === "in_circulation";
  return (
    <section class={css.compare} aria-labelledby="compare">
      <h3 id="compare" class={css.compareTitle}>
        {t("verdict.compare")}
      </h3>
      <dl class={css.big}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {doubtful && (
        <Button kind="plain" icon={mismatch.value ? "done" : "alert"} onClick={() => (mismatch.value = !mismatch.value)}>
          {mismatch.value ? t("verdict.matches") : t("verdict.mismatch")}
        </Button>
      )}
    </section>
  );
}

export function Facts({ check }: { check: Check }): JSX.Element | null {
  const facts = known(check.answer);
  if (facts.length === 0) return null;
  return (
    <dl class={css.facts}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function compared({ product, group }: Answer): Fact[] {
  if (!product) return [];
  const attributes = groups.value.find(({ id }) => id === (group ?? product.group))?.attributes ?? [];
  const facts = attributes.filter((one) => one.compare).flatMap((one) => fact(one, product.attributes[one.code]));
  return product.brand ? [[t("verdict.brand"), product.brand], ...facts] : facts;
}

function fact(attribute: Attribute, value: unknown): Fact[] {
  const values = Array.isArray(value) ? value : [value];
  const words = values.map((one) => valueWords(attribute, one)).filter((one) => one !== "");
  return words.length > 0 ? [[nameIn(attribute.names), words.join(", ")]] : [];
}

function valueWords({ choices, unit }: Attribute, value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  const choice = choices?.find(({ code }) => code === value);
  if (choice) return nameIn(choice.names);
  return unit ? `${String(value)} ${unit}` : String(value);
}

function known(answer: Answer): Fact[] {
  const { product, seller, event, checks, package: inside, outcome, group } = answer;
  const facts: Fact[] = [];
  if (inside) {
    facts.push([t("verdict.count_inside"), String(inside.count)]);
    if (inside.worst !== "in_circulation") facts.push([t("verdict.worst_inside"), outcomeWords(inside.worst)]);
  }
  if (event?.reason && outcome !== "sold") facts.push([t("verdict.reason"), reasonName(event.reason)]);
  if (event?.at) facts.push([t(outcome === "sold" ? "verdict.event_sold" : "verdict.event_at"), formatDate(event.at)]);
  const groupName = nameIn(groups.value.find(({ id }) => id === (group ?? product?.group))?.names);
  if (groupName) facts.push([t("verdict.group"), groupName]);
  if (product) {
    const { producer, importer, country, introduced_on, expires_on } = product;
    if (producer) facts.push([t("verdict.producer"), named(producer.name, producer.country ?? null)]);
    if (importer) facts.push([t("verdict.importer"), nameIn(importer.names)]);
    if (country && country !== producer?.country) facts.push([t("verdict.country"), countryName(country)]);
    if (introduced_on) facts.push([t("verdict.introduced"), formatDate(introduced_on)]);
    if (expires_on) facts.push([t("verdict.expires"), formatDate(expires_on)]);
  }
  if (seller) facts.push([t("verdict.seller"), nameIn(seller.names)]);
  if (checks) facts.push([t("verdict.checks"), checksWords(checks)]);
  return facts.filter(([, value]) => value !== "");
}

function named(name: string, country: string | null): string {
  return country ? `${name}, ${countryName(country)}` : name;
}

function checksWords({ count, first_at }: NonNullable<Answer["checks"]>): string {
  return t("verdict.checks_value", { count, when: first_at ? formatDate(first_at) : "" });
}
