/** One application whole: what the certificate says, what was typed, how the signatures stood the check, and the word on it. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { DeskApplication } from "../../api/desk";
import { readablePhone } from "../../domain/phone";
import { formatDateTime, hasWords, lang, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { groups } from "../../store/groups";
import { Button } from "../../ui/button";
import { Facts, Section } from "../../ui/page";
import { Failure, Loading, Note } from "../../ui/states";
import { Deadline } from "./deadline";
import { Approve, Refuse } from "./decide";
import css from "./desk.module.css";
import { open, opened } from "./queue";
import { Attempts, Signatures } from "./signatures";

type Pair = [string, ComponentChildren];

export function Detail({ id }: { id: string }): JSX.Element {
  const { failure, run } = useAttempt();
  const load = (): void => void run(() => open(id));
  useEffect(load, [id]);
  const found = opened.value?.id === id ? opened.value : null;
  if (failure) return <Failure code={failure.code} onRetry={load} />;
  return found ? <Whole found={found} again={load} /> : <Loading rows={5} />;
}

function Whole({ found, again }: { found: DeskApplication; again: () => void }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const deciding = useSignal<"approve" | "refuse" | null>(null);
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [found.id, found.state]);
  const close = (): void => void (deciding.value = null);
  return (
    <>
      <header class={css.head}>
        <h2 ref={heading} tabIndex={-1}>
          {found.names[lang.value]}
        </h2>
        {found.state === "submitted" ? <Deadline {...found} now={Date.now()} /> : null}
      </header>
      {found.test && (
        <Note tone="care" title={t("registration.test")}>
          {t("registration.test_text")}
        </Note>
      )}
      {found.purpose === "head_change" && <Note title={t("registration.head_change")}>{t("registration.desk_head_change")}</Note>}
      {found.rivals > 0 && <Note tone="care">{t("registration.desk_rivals", { count: found.rivals })}</Note>}
      {found.state !== "submitted" && (
        <Note tone={found.state === "approved" ? "ok" : "stop"}>
          {t(`registration.desk_state_${found.state === "approved" ? "approved" : "refused"}`, {
            when: found.decided_at ? formatDateTime(found.decided_at) : "",
          })}
        </Note>
      )}
      <Section title={t("registration.data")}>
        <Facts facts={certified(found)} />
      </Section>
      <Section title={t("registration.desk_typed")}>
        <Facts facts={typed(found)} />
      </Section>
      <Section title={t("registration.desk_signatures")}>
        <Signatures signatures={found.signatures} />
      </Section>
      <Attempts attempts={found.attempts} />
      {found.state === "submitted" && (
        <div class={css.verbs}>
          <Button onClick={() => (deciding.value = "refuse")}>{t("registration.desk_refuse")}</Button>
          <Button kind="primary" icon="done" onClick={() => (deciding.value = "approve")}>
            {t("registration.desk_approve")}
          </Button>
        </div>
      )}
      {deciding.value === "approve" && <Approve found={found} again={again} onClose={close} />}
      {deciding.value === "refuse" && <Refuse found={found} again={again} onClose={close} />}
    </>
  );
}

function certified({ certificate, number }: DeskApplication): Pair[] {
  const { organisation, bin, name, iin, roles } = certificate;
  const pairs: Pair[] = [[t("registration.number"), number]];
  if (organisation) pairs.push([t("registration.organisation"), organisation]);
  if (bin) pairs.push([t("registration.bin"), bin]);
  pairs.push([t("registration.person"), name], [t("registration.iin"), iin]);
  const said = roles.map((role) => `registration.role_${role}`).filter(hasWords);
  if (said.length > 0) pairs.push([t("registration.role"), said.map((key) => t(key)).join(", ")]);
  return pairs;
}

function typed({ names, kind, trade, declaration_holder, groups: chosen, email, phone, purpose }: DeskApplication): Pair[] {
  const contacts: Pair[] = [
    [t("registration.email"), email ?? ""],
    [t("registration.phone"), phone && (
        <a class={css.call} href={`tel:${phone}`}>
          {readablePhone(phone)}
        </a>
      ),
    ],
  ];
  if (purpose === "head_change") return contacts;
  const called = `registration.kind_${trade ?? kind ?? ""}`;
  const pairs: Pair[] = [
    [t("registration.name_kk"), names.kk],
    [t("registration.name_ru"), names.ru],
    [t("registration.name_en"), names.en],
    [t("registration.kind"), [kind === "sole_trader" && t("registration.sole_trader"), hasWords(called) && t(called)].filter(Boolean).join(" · ")],
  ];
  if (declaration_holder) pairs.push([t("registration.holder_short"), t(`registration.holder_${declaration_holder}`)]);
  const named = chosen.map((id) => groups.value.find((group) => group.id === id)?.names[lang.value] ?? id);
  pairs.push([t("registration.groups"), named.join(", ")]);
  return [...pairs, ...contacts];
}
