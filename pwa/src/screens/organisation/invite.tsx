/** An invitation: what somebody will be able to do, and then the link and its QR code to hand over. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { cancelInvitation, confirmInvitation, type Invitation, invite, type Staff } from "../../api/organisation";
import { formatDate, formatDateTime, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { me } from "../../store/session";
import { Button } from "../../ui/button";
import { Field, focusWrong } from "../../ui/field";
import { Section } from "../../ui/page";
import { Qr } from "../../ui/qr";
import { Failure, Note } from "../../ui/states";
import { InvitationBadge, type Known } from "./badges";
import css from "./organisation.module.css";
import { Can, fresh, sent, TermsForm, type TermsTyped, whole } from "./terms";

export function Invite({ known, again }: { known: Known; again: () => void }): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const name = useSignal("");
  const iin = useSignal("");
  const typed = useSignal<TermsTyped>(fresh(known.places));
  const tried = useSignal(false);
  const made = useSignal<Invitation | null>(null);
  const { busy, failure, run } = useAttempt();
  useEffect(() => heading.current?.focus({ preventScroll: true }), [made.value]);

  const send = async (): Promise<void> => {
    tried.value = true;
    if (!name.value.trim() || !whole(typed.value, known.places)) return void setTimeout(() => focusWrong(form.current));
    const body = [name.value.trim(), iin.value || null, sent(typed.value)] as const;
    await run(async () => {
      made.value = await once("invite", body, (key) => invite(...body, key));
      again();
    });
  };
  if (made.value) {
    return (
      <>
        <h2 ref={heading} tabIndex={-1}>
          {t("organisation.invited", { name: made.value.name })}
        </h2>
        <Handing invitation={made.value} />
        <Button href="/organisation/staff">{t("organisation.to_staff")}</Button>
      </>
    );
  }
  return (
    <form
      ref={form}
      class={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h2 ref={heading} tabIndex={-1}>
        {t("organisation.invite_title")}
      </h2>
      <Field
        label={t("organisation.name_hint")}
        hint={t("organisation.name_hint_text")}
        maxLength={200}
        value={name.value}
        onInput={(value) => (name.value = value)}
        required
        error={tried.value && !name.value.trim() ? t("organisation.name_missing") : undefined}
      />
      <TermsForm typed={typed} functions={known.functions} places={known.places} tried={tried.value} />
      <Field
        label={t("organisation.invite_iin")}
        hint={t("organisation.invite_iin_text")}
        inputMode="numeric"
        maxLength={12}
        value={iin.value}
        onInput={(value) => (iin.value = value.replace(/\D/g, ""))}
        error={wrong(failure?.fields, "iin") ? t("errors.organisations.tax_number_invalid") : undefined}
      />
      {failure && <Failure code={failure.code} params={failure.params} kept={t("organisation.kept")} />}
      <Button kind="primary" icon="mail" wide submit busy={busy}>
        {t("organisation.make_invitation")}
      </Button>
    </form>
  );
}

function wrong(fields: readonly { field: string }[] | undefined, name: string): boolean {
  return fields?.some(({ field }) => field === name) ?? false;
}

export function InvitationPane({ invitation, took }: { invitation: Invitation; took: (staff: Staff) => void }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const act = (what: "cancel" | "confirm"): Promise<boolean> =>
    run(async () => {
      const work = what === "cancel" ? cancelInvitation : confirmInvitation;
      took(await once(what, invitation.id, (key) => work(invitation.id, key)));
      if (what === "cancel") route("/organisation/staff", true);
    });
  return (
    <>
      <header class={css.head}>
        <h2 ref={heading} tabIndex={-1}>
          {invitation.name}
        </h2>
        <InvitationBadge invitation={invitation} />
      </header>
      {invitation.state === "suspended" && <Note tone="care">{t("organisation.invitation_suspended_text")}</Note>}
      {invitation.state === "expired" && <Note tone="care">{t("organisation.invitation_expired_text")}</Note>}
      <Section title={t("organisation.will_can")}>
        <Can functions={invitation.functions} />
      </Section>
      <p>{invitation.valid_until ? t("organisation.access_until", { day: formatDate(invitation.valid_until) }) : t("organisation.access_endless")}</p>
      <Handing invitation={invitation} />
      {failure && <Failure code={failure.code} params={failure.params} />}
      <div class={css.verbs}>
        {invitation.state === "suspended" && me.value?.head && (
          <Button kind="primary" busy={busy} onClick={() => void act("confirm")}>
            {t("organisation.confirm")}
          </Button>
        )}
        <Button icon="bin" busy={busy} onClick={() => void act("cancel")}>
          {t("organisation.cancel_invitation")}
        </Button>
      </div>
    </>
  );
}

/** The link to hand over: shown as a QR code across a table, shared or copied to somebody far away. */
function Handing({ invitation: { link, qr, expires_at, name } }: { invitation: Invitation }): JSX.Element | null {
  const copied = useSignal(false);
  if (!link || !qr) return null;
  const share = "share" in navigator;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(link).catch(() => undefined);
    copied.value = true;
  };
  return (
    <div class={css.form}>
      <div class={css.qr}>
        <Qr rows={qr} label={t("organisation.qr", { name })} />
      </div>
      <p>{t("organisation.link_text", { when: formatDateTime(expires_at) })}</p>
      <p class={css.link}>{link}</p>
      <div class={css.verbs}>
        {share && (
          <Button kind="primary" icon="share" onClick={() => void navigator.share({ title: t("organisation.share_title"), url: link }).catch(() => undefined)}>
            {t("organisation.share")}
          </Button>
        )}
        <Button icon="copy" onClick={() => void copy()}>
          {t("app.copy")}
        </Button>
      </div>
      <p role="status">{copied.value ? t("app.copied") : ""}</p>
    </div>
  );
}
