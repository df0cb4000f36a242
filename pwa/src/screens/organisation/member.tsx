/** One of the staff: what they can do, until when, when last seen; and what may be changed of it. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { changeMember, type Member, removeMember, type Staff, turnMember } from "../../api/organisation";
import { formatDate, formatDateTime, lang, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { Button } from "../../ui/button";
import { focusWrong } from "../../ui/field";
import { Facts, Section } from "../../ui/page";
import { Failure, Note } from "../../ui/states";
import { Sure } from "./sure";
import { type Known, MemberBadge } from "./badges";
import css from "./organisation.module.css";
import { Can, sent, TermsForm, type TermsTyped, whole } from "./terms";

interface MemberProps {
  member: Member;
  known: Known;
  /** Loads everybody anew. */
  again: () => void;
  took: (staff: Staff) => void;
}

export function MemberPane({ member, known, again, took }: MemberProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const editing = useSignal(false);
  const asking = useSignal<"block" | "remove" | null>(null);
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  useEffect(() => heading.current?.focus({ preventScroll: true }), [member.id]);

  const turn = (what: "block" | "restore"): Promise<boolean> =>
    run(async () => {
      const changed = await once(what, member.id, (key) => turnMember(member.id, what, key));
      took({ ...known.staff, members: known.staff.members.map((one) => (one.id === changed.id ? changed : one)) });
    });
  const remove = (): Promise<boolean> =>
    run(async () => {
      took(await once("remove", member.id, (key) => removeMember(member.id, key)));
      route("/organisation/staff", true);
    });
  return (
    <>
      <header class={css.head}>
        <h2 ref={heading} tabIndex={-1}>
          {member.name}
        </h2>
        <MemberBadge member={member} />
      </header>
      {editing.value ? (
        <Edit member={member} known={known} again={again} onDone={() => (editing.value = false)} />
      ) : (
        <>
          <Section title={t("organisation.can")}>
            {member.role === "head" ? <p>{t("organisation.head_can")}</p> : <Can functions={member.functions} />}
          </Section>
          <Facts facts={facts(member, known)} />
          {member.own && <Note>{t("organisation.own_note")}</Note>}
          {failure && <Failure code={failure.code} params={failure.params} />}
          {member.editable && (
            <div class={css.verbs}>
              <Button onClick={() => (editing.value = true)}>{t("organisation.change")}</Button>
              {member.state === "blocked" ? (
                <Button busy={busy} onClick={() => void turn("restore")}>
                  {t("organisation.restore")}
                </Button>
              ) : (
                <Button onClick={() => (asking.value = "block")}>{t("organisation.block")}</Button>
              )}
              <Button icon="bin" onClick={() => (asking.value = "remove")}>
                {t("organisation.remove")}
              </Button>
            </div>
          )}
        </>
      )}
      {asking.value && (
        <Sure
          title={t(`organisation.${asking.value}_title`)}
          text={t(`organisation.${asking.value}_text`, { name: member.name })}
          action={t(`organisation.${asking.value}`)}
          busy={busy}
          failure={failure}
          onClose={() => (asking.value = null)}
          onSure={async () => {
            if (await (asking.value === "block" ? turn("block") : remove())) asking.value = null;
          }}
        />
      )}
    </>
  );
}

function Edit({ member, known, again, onDone }: { member: Member; known: Known; again: () => void; onDone: () => void }): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const typed = useSignal<TermsTyped>(typedOf(member));
  const tried = useSignal(false);
  const { busy, failure, run } = useAttempt();
  const head = member.role === "head";
  const save = async (): Promise<void> => {
    tried.value = true;
    if (!head && !whole(typed.value, known.places, member.place_ids)) return void setTimeout(() => focusWrong(form.current));
    const terms = head ? { ...sent(typed.value), functions: [], valid_until: null } : sent(typed.value);
    if (await run(() => once("member", [member.id, member.version, terms], (key) => changeMember(member, terms, key)).then(() => undefined))) {
      again();
      onDone();
    }
  };
  return (
    <form
      ref={form}
      class={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TermsForm typed={typed} functions={known.functions} places={known.places} held={member.place_ids} tried={tried.value} head={head} />
      {failure && <Failure code={failure.code} params={failure.params} kept={t("organisation.kept")} />}
      <div class={css.verbs}>
        <Button onClick={onDone}>{t("app.cancel")}</Button>
        <Button kind="primary" submit busy={busy}>
          {t("app.save")}
        </Button>
      </div>
    </form>
  );
}

function typedOf({ functions, valid_until, title, place_ids }: Member): TermsTyped {
  return { functions, term: valid_until ? "day" : "endless", day: valid_until ?? "", title, places: place_ids };
}

function facts({ title, valid_until, last_seen, created_at, place_ids, role }: Member, { places }: Known): [string, ComponentChildren][] {
  const found: [string, ComponentChildren][] = [];
  if (title) found.push([t("organisation.position"), title]);
  if (role !== "head") found.push([t("organisation.term"), valid_until ? t("organisation.until", { day: formatDate(valid_until) }) : t("organisation.term_endless")]);
  if (place_ids.length > 0) {
    found.push([t("organisation.at_places"), places.filter((one) => place_ids.includes(one.id)).map((one) => one.names[lang.value]).join(", ")]);
  }
  found.push([t("organisation.since"), formatDate(created_at)]);
  found.push([t("organisation.last_seen"), last_seen ? formatDateTime(last_seen) : t("organisation.never_seen")]);
  return found;
}
