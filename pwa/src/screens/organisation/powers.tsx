/** Powers of attorney: given to members and service providers, and received from those one acts for. */

import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Power, type Powers, powers, turnPower } from "../../api/organisation";
import { formatDate, lang, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { groups } from "../../store/groups";
import { online } from "../../store/network";
import { me } from "../../store/session";
import { Button } from "../../ui/button";
import { Badge, List, Row, type Tone } from "../../ui/list";
import { Facts, Page, Section } from "../../ui/page";
import { Empty, Failure, Loading, Note, OfflineNote } from "../../ui/states";
import { useLoaded } from "./loaded";
import css from "./organisation.module.css";
import { Give } from "./power-form";
import { Sure } from "./sure";
import { Can } from "./terms";

const TONES: Record<Power["state"], Tone> = { active: "ok", scheduled: "brand", expired: "quiet", suspended: "care", revoked: "quiet" };

export function PowersPage({ id }: { id: string | null }): JSX.Element {
  const { value, failure, again } = useLoaded(powers);
  const back = id ? { href: "/organisation/powers", text: t("organisation.powers") } : { href: "/organisation", text: t("organisation.title") };
  const give = (
    <Button kind="primary" icon="plus" href="/organisation/powers/new">
      {t("organisation.give")}
    </Button>
  );
  return (
    <Page wide title={t("organisation.powers")} back={back} actions={me.value?.head && id === null ? give : undefined}>
      {!online.value && <OfflineNote />}
      {failure && <Failure code={failure.code} params={failure.params} onRetry={again} />}
      {!value.value && !failure && <Loading rows={3} />}
      {value.value && (
        <div class={css.panes} data-open={id !== null}>
          <div class={css.side}>
            <Listed found={value.value} current={id} />
          </div>
          <div class={css.detail}>
            <Pane id={id} value={value as Signal<Powers>} again={again} />
          </div>
        </div>
      )}
    </Page>
  );
}

function Listed({ found: { given, received }, current }: { found: Powers; current: string | null }): JSX.Element {
  const part = (title: string, rows: Power[], name: (one: Power) => string): JSX.Element | null =>
    rows.length === 0 ? null : (
      <>
        <h2>{title}</h2>
        <List label={title}>
          {rows.map((one) => (
            <Row
              key={one.id}
              href={`/organisation/powers/${one.id}`}
              icon="document"
              title={name(one)}
              text={`${one.functions.map((fn) => t(`organisation.fn_${fn}`)).join(" · ")} · ${t("organisation.until", { day: formatDate(one.valid_until) })}`}
              current={one.id === current}
              side={<Badge tone={TONES[one.state]}>{t(`organisation.power_${one.state}`)}</Badge>}
            />
          ))}
        </List>
      </>
    );
  if (given.length + received.length === 0) return <Empty text={t("organisation.powers_empty")} />;
  return (
    <>
      {part(t("organisation.given"), given, agent)}
      {part(t("organisation.received"), received, (one) => one.principal[lang.value])}
    </>
  );
}

function Pane({ id, value, again }: { id: string | null; value: Signal<Powers>; again: () => void }): JSX.Element {
  const { given, received } = value.value;
  if (id === "new") return <Give again={again} />;
  const own = given.find((one) => one.id === id);
  const took = (next: Power): void => void (value.value = { received, given: given.map((one) => (one.id === next.id ? next : one)) });
  if (own) return <Detail key={own.id} power={own} title={agent(own)} took={took} />;
  const other = received.find((one) => one.id === id);
  if (other) return <Detail key={other.id} power={other} title={other.principal[lang.value]} took={null} />;
  return id ? <Failure code="organisations.power_unknown" /> : <p class={css.choose}>{t("organisation.choose_power")}</p>;
}

function Detail({ power, title, took }: { power: Power; title: string; took: ((power: Power) => void) | null }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const asking = useSignal(false);
  const { busy, failure, run } = useAttempt();
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const turn = (what: "suspend" | "confirm" | "revoke"): Promise<boolean> =>
    run(async () => {
      const next = await once(what, power.id, (key) => turnPower(power.id, what, key));
      took?.(next);
    });
  const live = took !== null && me.value?.head && ["active", "scheduled", "suspended"].includes(power.state);
  return (
    <>
      <header class={css.head}>
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <Badge tone={TONES[power.state]}>{t(`organisation.power_${power.state}`)}</Badge>
      </header>
      {power.state === "suspended" && <Note tone="care">{t("organisation.power_suspended_text")}</Note>}
      <Section title={t("organisation.may_sign")}>
        <Can functions={power.functions} />
      </Section>
      <Facts facts={facts(power)} />
      {failure && <Failure code={failure.code} params={failure.params} />}
      {live && (
        <div class={css.verbs}>
          {power.state === "suspended" ? (
            <Button kind="primary" busy={busy} onClick={() => void turn("confirm")}>
              {t("organisation.confirm")}
            </Button>
          ) : (
            <Button busy={busy} onClick={() => void turn("suspend")}>
              {t("organisation.suspend")}
            </Button>
          )}
          <Button icon="bin" onClick={() => (asking.value = true)}>
            {t("organisation.revoke")}
          </Button>
        </div>
      )}
      {asking.value && (
        <Sure
          title={t("organisation.revoke_title")}
          text={t("organisation.revoke_text", { name: title })}
          action={t("organisation.revoke")}
          busy={busy}
          failure={failure}
          onClose={() => (asking.value = false)}
          onSure={async () => {
            if (await turn("revoke")) asking.value = false;
          }}
        />
      )}
    </>
  );
}

function agent({ member, provider }: Power): string {
  return member ?? provider?.[lang.value] ?? "";
}

function facts(power: Power): [string, ComponentChildren][] {
  const named = power.groups.map((id) => groups.value.find((group) => group.id === id)?.names[lang.value] ?? id);
  const found: [string, ComponentChildren][] = [
    [t("organisation.principal"), power.principal[lang.value]],
    [t("organisation.agent"), [agent(power), power.provider_bin].filter(Boolean).join(" · ")],
    [t("registration.groups"), named.join(", ") || t("organisation.all_groups")],
    [t("organisation.days"), `${formatDate(power.valid_from)} – ${formatDate(power.valid_until)}`],
    [t("organisation.given_by"), power.given_by],
  ];
  return found;
}
