/** The audit trail: what was done here, by whom and when; filtered, page by page, and as a file. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { audit, type AuditFact, auditFile, type AuditFilter, auditPeople, type AuditPerson, type Place, places } from "../../api/organisation";
import { formatDateTime, hasWords, lang, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Field, Select } from "../../ui/field";
import { Facts, Page } from "../../ui/page";
import { Empty, Failure, Loading, OfflineNote } from "../../ui/states";
import { said } from "./audit-said";
import { useLoaded } from "./loaded";
import css from "./organisation.module.css";

const EVERYTHING: AuditFilter = { person: "", family: "", since: "", until: "" };
const FAMILIES = ["organisation", "place", "member", "invitation", "power", "session", "passkey", "registration", "api_key", "webhook", "act", "card", "emission", "labels", "package", "codes", "contract"] as const;

export function Audit(): JSX.Element {
  const filter = useSignal<AuditFilter>(EVERYTHING);
  const facts = useSignal<AuditFact[] | null>(null);
  const cursor = useSignal<string | null>(null);
  const { busy, failure, run } = useAttempt();
  const people = useLoaded(auditPeople).value.value ?? [];
  const own = useLoaded(placesOrNone).value.value ?? [];
  const names = new Map([...people.map((one) => [one.id, one.name] as const), ...own.map((one) => [one.id, one.names[lang.value]] as const)]);
  const load = (more: boolean): void =>
    void run(async () => {
      const asked = filter.value;
      const page = await audit(asked, more ? cursor.value : null);
      if (asked !== filter.value) return;
      facts.value = more ? [...(facts.value ?? []), ...page.facts] : page.facts;
      cursor.value = page.next;
    });
  useEffect(() => load(false), [filter.value]);
  const found = facts.value;
  return (
    <Page title={t("organisation.audit")} lead={t("organisation.audit_lead")} back={{ href: "/organisation", text: t("organisation.title") }}>
      {!online.value && <OfflineNote />}
      <Filters filter={filter.value} among={people} onChange={(next) => (filter.value = next)} />
      <div class={css.verbs}>
        <Button icon="document" href={auditFile(filter.value, "csv")} away>
          {t("organisation.export_csv")}
        </Button>
        <Button icon="document" href={auditFile(filter.value, "jsonl")} away>
          {t("organisation.export_jsonl")}
        </Button>
      </div>
      {failure && <Failure code={failure.code} params={failure.params} onRetry={() => load(false)} />}
      {!found && !failure && <Loading rows={5} />}
      {found?.length === 0 && <Empty text={t("organisation.audit_empty")} />}
      {found && found.length > 0 && (
        <ol class={css.trail} aria-label={t("organisation.audit")}>
          {found.map((one) => (
            <Line key={one.id} fact={one} names={names} />
          ))}
        </ol>
      )}
      {cursor.value && (
        <Button busy={busy} onClick={() => load(true)}>
          {t("app.more")}
        </Button>
      )}
    </Page>
  );
}

/** Who may read the trail is told the names of places too; without them it says the rest. */
const placesOrNone = (): Promise<Place[]> => places().catch(() => []);

interface FiltersProps {
  filter: AuditFilter;
  among: readonly AuditPerson[];
  onChange: (filter: AuditFilter) => void;
}

function Filters({ filter, among, onChange }: FiltersProps): JSX.Element {
  const set = (part: Partial<AuditFilter>): void => onChange({ ...filter, ...part });
  const people = [{ value: "", text: t("organisation.everybody") }, ...among.map((one) => ({ value: one.id, text: one.name }))];
  const families = [{ value: "", text: t("organisation.everything") }, ...FAMILIES.map((one) => ({ value: one, text: t(`organisation.family_${one}`) }))];
  return (
    <div class={css.filters}>
      <Select label={t("organisation.who")} value={filter.person} options={people} onChange={(person) => set({ person })} />
      <Select label={t("organisation.about")} value={filter.family} options={families} onChange={(family) => set({ family })} />
      <Field label={t("organisation.since_day")} type="date" max={filter.until} value={filter.since} onInput={(since) => set({ since })} />
      <Field label={t("organisation.until_day")} type="date" min={filter.since} value={filter.until} onInput={(until) => set({ until })} />
    </div>
  );
}

function Line({ fact, names }: { fact: AuditFact; names: ReadonlyMap<string, string> }): JSX.Element {
  const { before, after, detail, count, signature_id, sequence, hash } = fact;
  const facts = said(fact, names);
  const record = Object.entries({ before, after, detail, count, signature_id, sequence, hash }).filter(([, value]) => value !== null);
  return (
    <li class={css.fact}>
      <p>{spoken(fact.kind)}</p>
      <p class={css.who}>
        <time dateTime={fact.at}>{formatDateTime(fact.at)}</time>
        {" · "}
        {actor(fact)}
      </p>
      {facts.length > 0 && <Facts facts={facts} />}
      {record.length > 0 && (
        <details>
          <summary>{t("audit.record")}</summary>
          <pre>{JSON.stringify(Object.fromEntries(record), null, 2)}</pre>
        </details>
      )}
    </li>
  );
}

/** What happened, in words where we have them. */
export function spoken(kind: string): string {
  const [family = "", what = ""] = kind.split(":");
  const whole = `organisation.did_${family}_${what}`;
  if (hasWords(whole)) return t(whole);
  const about = `organisation.family_${family}`;
  return hasWords(about) ? `${t(about)}: ${what}` : kind;
}

function actor({ person, via, actor_id }: AuditFact): string {
  if (person) return person;
  if (via === "api_key") return t("organisation.via_program");
  return t(actor_id && via !== "system" ? "organisation.via_operator" : "organisation.via_system");
}
