/** What either side may do to an act besides deciding: take it back, write, correct, annul, send again, return. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import { returnGoods, sendAgain } from "../../api/act-life";
import { type Key, t } from "../../i18n";
import { keepAct, receives, sends } from "../../store/acts";
import { once, useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { TextArea } from "../../ui/field";
import type { IconName } from "../../ui/icons";
import { Sheet } from "../../ui/sheet";
import { Failure, Note } from "../../ui/states";
import css from "./acts.module.css";
import { Correct, proposed } from "./correct";
import { leftOut } from "./left-out";
import { waits } from "./pending";
import { signAnnulment, step } from "./sign";
import { AWAITED, DECIDED, OPEN, RETURNED } from "./words";

type Writing = "clarify" | "answer" | "cancel" | "take_back" | "annul_ask" | "annul_refuse";
/** A draft is made of what is there, and opened. */
type Making = "resend" | "resend_rejected" | "return";
type Verb = Writing | Making | "annul_agree" | "correct";

const MAKING: ReadonlySet<Verb> = new Set<Verb>(["resend", "resend_rejected", "return"]);
const ICONS: Partial<Record<Verb, IconName>> = { resend: "renew", resend_rejected: "renew", return: "back", annul_agree: "key" };
/** What the state of the act asks for; the others stand beside it. */
const FIRST: ReadonlySet<Verb> = new Set<Verb>(["resend", "resend_rejected", "annul_agree", "answer"]);

export function Verbs({ act, again }: { act: Act; again: () => void }): JSX.Element | null {
  const open = useSignal<Writing | "correct" | null>(null);
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  if (!can("acts:sign") || waits(act.id)) return null;
  const make = (verb: Making): Promise<boolean> =>
    run(async () => {
      const made = await once(verb, act.id, (key) => (verb === "return" ? returnGoods : sendAgain)(act.id, key));
      await keepAct(made.act);
      if (made.left_out > 0) leftOut.value = { act: made.act.id, count: made.left_out };
      route(`/acts/${made.act.id}`);
    });
  const agree = (): Promise<boolean> => run(async () => void ((await signAnnulment(act, null)) && again()));
  const press = (verb: Verb): void => {
    if (MAKING.has(verb)) void make(verb as Making);
    else if (verb === "annul_agree") void agree();
    else open.value = verb as Writing | "correct";
  };
  const verbs = allowed(act);
  if (verbs.length === 0) return null;
  const close = (): void => void (open.value = null);
  return (
    <>
      {failure && <Failure code={failure.code} params={failure.params} kept={failure.status === 0 ? t("acts.needs_network") : undefined} />}
      <div class={css.verbs}>
        {verbs.map((verb) => (
          <Button key={verb} kind={FIRST.has(verb) ? "primary" : "secondary"} icon={ICONS[verb]} busy={busy} onClick={() => press(verb)}>
            {t(`acts.verb_${verb}`)}
          </Button>
        ))}
      </div>
      {open.value === "correct" && <Correct act={act} onClose={close} />}
      {open.value && open.value !== "correct" && <Write act={act} verb={open.value} onClose={close} />}
    </>
  );
}

export function allowed(act: Act): Verb[] {
  const { state, kind } = act;
  const [from, to] = [sends(act), receives(act)];
  const asked = state === "annulment_requested" && (!act.annulment_asked_by_us || act.ours === "both");
  const decided = DECIDED.includes(state);
  const all: [Verb, boolean][] = [
    ["answer", from && state === "clarification"],
    ["resend", from && RETURNED.includes(state)],
    ["resend_rejected", from && state === "partly_accepted"],
    ["annul_agree", asked],
    ["annul_refuse", asked],
    ["take_back", from && state === "checking"],
    ["clarify", to && AWAITED.includes(state) && state !== "clarification"],
    ["correct", from && (OPEN.includes(state) || (decided && proposed(act) === null))],
    ["cancel", from && OPEN.includes(state)],
    ["return", to && !from && decided && kind !== "internal"],
    ["annul_ask", decided],
  ];
  return all.filter(([, may]) => may).map(([verb]) => verb);
}

/** What binds nobody needs no words. */
const WORDLESS: ReadonlySet<Writing> = new Set<Writing>(["cancel", "take_back"]);

function Write({ act, verb, onClose }: { act: Act; verb: Writing; onClose: () => void }): JSX.Element {
  const text = useSignal("");
  const tried = useSignal(false);
  const { busy, failure, run } = useAttempt();
  const missing = !WORDLESS.has(verb) && text.value.trim() === "";
  const give = async (): Promise<void> => {
    tried.value = true;
    if (missing) return;
    await run(async () => {
      const words = text.value.trim();
      if (verb === "take_back") await step(act, verb, null);
      else if (verb !== "annul_ask") await step(act, verb, { text: words });
      else if (!(await signAnnulment(act, words))) return;
      onClose();
    });
  };
  return (
    <Sheet
      title={t(`acts.verb_${verb}`)}
      onClose={onClose}
      actions={
        <Button kind={verb === "cancel" ? "danger" : "primary"} icon={verb === "annul_ask" ? "key" : undefined} busy={busy} onClick={() => void give()}>
          {t(`acts.verb_${verb}`)}
        </Button>
      }
    >
      <p>{t(`acts.about_${verb}`)}</p>
      {!online.value && <Note tone="care">{t(verb === "annul_ask" ? "acts.needs_network" : "acts.later_text")}</Note>}
      {verb !== "take_back" && (
        <TextArea
          label={t(`acts.write_${verb}` as Key)}
          value={text.value}
          maxLength={1000}
          required={!WORDLESS.has(verb)}
          error={tried.value && missing ? t("acts.write_something") : undefined}
          onInput={(value) => (text.value = value)}
        />
      )}
      {failure && <Failure code={failure.code} params={failure.params} kept={t("acts.kept_typed")} />}
    </Sheet>
  );
}
