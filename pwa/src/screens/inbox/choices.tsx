/** How to be told of each kind: the inbox has everything; the device and the mail are chosen here. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError, call, newKey } from "../../api/client";
import type { components } from "../../api/schema";
import { hasWords, t } from "../../i18n";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Check } from "../../ui/field";
import { Page, Section } from "../../ui/page";
import { Segmented } from "../../ui/segmented";
import { Failure, Loading, Note, OfflineNote } from "../../ui/states";
import css from "./inbox.module.css";
import { ThisDevice } from "./this-device";

type All = components["schemas"]["Choices"];
type One = All["choices"][number];
const PATH = "/api/v1/notification-choices";

export function Choices(): JSX.Element {
  const all = useSignal<All | null>(null);
  const failure = useSignal<ApiError | null>(null);
  const saved = useSignal(false);

  async function load(): Promise<void> {
    await attempt(async () => {
      all.value = await call<All>(PATH);
    });
  }

  /** Shown at once and kept at once; a refusal puts the old choice back. */
  async function choose(next: One): Promise<void> {
    const before = all.value;
    if (!before) return;
    all.value = { ...before, choices: before.choices.map((one) => (one.kind === next.kind ? next : one)) };
    saved.value = false;
    const { kind, push, mail } = next;
    const kept = await attempt(async () => {
      await call<All>(PATH, { method: "PUT", body: { choices: [{ kind, push, mail }] }, key: newKey() });
    });
    saved.value = kept;
    if (!kept) all.value = before;
  }

  async function attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      failure.value = null;
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
      return false;
    }
  }

  useEffect(() => {
    void load();
  }, []);

  return (
    <Page
      title={t("notifications.choices")}
      lead={t("notifications.choices_hint")}
      back={{ href: "/inbox", text: t("notifications.title") }}
    >
      {!online.value && <OfflineNote />}
      <ThisDevice />
      {failure.value && (
        <Failure code={failure.value.code} params={failure.value.params} onRetry={all.value ? undefined : () => void load()} />
      )}
      {!all.value && !failure.value && <Loading rows={5} />}
      {all.value && !all.value.mail && (
        <Note tone="care">
          <p>{t("notifications.no_mail")}</p>
          <div class={css.actions}>
            <Button href="/account">{t("notifications.to_contacts")}</Button>
          </div>
        </Note>
      )}
      <p class="visually-hidden" role="status">
        {saved.value ? t("notifications.saved") : ""}
      </p>
      {all.value?.choices.map((one) => (
        <Section key={one.kind} title={title(one.kind)}>
          <Kind one={one} onChange={(next) => void choose(next)} />
        </Section>
      ))}
    </Page>
  );
}

function Kind({ one, onChange }: { one: One; onChange: (next: One) => void }): JSX.Element {
  return (
    <div class={css.kind}>
      <Check label={t("notifications.push")} checked={one.push} onChange={(push) => onChange({ ...one, push })} />
      {one.mandatory ? (
        <p class={css.hint}>{t("notifications.mandatory")}</p>
      ) : (
        <div class={css.mail}>
          <span class={css.label}>{t("notifications.mail")}</span>
          <Segmented
            label={`${title(one.kind)}: ${t("notifications.mail")}`}
            value={one.mail}
            options={[
              { value: "at_once", text: t("notifications.mail_at_once") },
              { value: "digest", text: t("notifications.mail_digest") },
              { value: "none", text: t("notifications.mail_none") },
            ]}
            onChange={(mail) => onChange({ ...one, mail })}
          />
        </div>
      )}
    </div>
  );
}

function title(kind: string): string {
  const key = `notifications.kind.${kind}`;
  return hasWords(key) ? t(key) : kind;
}
