/** What either side may do to an act besides deciding: take it back, write, annul, send again. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import { type Key, t } from "../../i18n";
import { receives, sends } from "../../store/acts";
import { once, useAttempt } from "../../store/attempt";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { TextArea } from "../../ui/field";
import { Sheet } from "../../ui/sheet";
import { Failure } from "../../ui/states";
import css from "./acts.module.css";
import { copyOf } from "./copy";
import { waits } from "./pending";
import { signAnnulment, step } from "./sign";
import { AWAITED, OPEN, RETURNED } from "./words";

type Writing = "clarify" | "answer" | "cancel" | "annul_ask" | "annul_refuse";

export function Verbs({ act, again }: { act: Act; again: () => void }): JSX.Element | null {
  const writing = useSignal<Writing | null>(null);
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  if (!can("acts:sign") || waits(act.id)) return null;
  const resend = (): Promise<boolean> =>
    run(async () => {
      const made = await once("resend", act.id, (key) => copyOf(act, key));
      route(`/acts/${made.id}`);
    });
  const agree = (): Promise<boolean> => run(async () => void ((await signAnnulment(act, null)) && again()));
  const verbs = allowed(act);
  if (verbs.length === 0) return null;
  return (
    <>
      {failure && <Failure code={failure.code} params={failure.params} />}
      <div class={css.verbs}>
        {verbs.map((verb) => {
          if (verb === "resend") return <Button key={verb} kind="primary" icon="renew" busy={busy} onClick={() => void resend()}>{t("acts.resend")}</Button>;
          if (verb === "annul_agree") return <Button key={verb} kind="primary" icon="key" busy={busy} onClick={() => void agree()}>{t("acts.verb_annul_agree")}</Button>;
          return <Button key={verb} onClick={() => (writing.value = verb)}>{t(`acts.verb_${verb}`)}</Button>;
        })}
      </div>
      {writing.value && <Write act={act} verb={writing.value} onClose={() => (writing.value = null)} />}
    </>
  );
}

type Verb = Writing | "resend" | "annul_agree";

function allowed(act: Act): Verb[] {
  const { state } = act;
  const [from, to] = [sends(act), receives(act)];
  const all: [Verb, boolean][] = [
    ["answer", from && state === "clarification"],
    ["cancel", from && OPEN.includes(state)],
    ["clarify", to && AWAITED.includes(state) && state !== "clarification"],
    ["resend", from && RETURNED.includes(state)],
    ["annul_agree", state === "annulment_requested" && (!act.annulment_asked_by_us || act.ours === "both")],
    ["annul_refuse", state === "annulment_requested" && (!act.annulment_asked_by_us || act.ours === "both")],
    ["annul_ask", state === "accepted" || state === "partly_accepted"],
  ];
  return all.filter(([, may]) => may).map(([verb]) => verb);
}

/** Words are needed for all but taking an act back. */
function Write({ act, verb, onClose }: { act: Act; verb: Writing; onClose: () => void }): JSX.Element {
  const text = useSignal("");
  const tried = useSignal(false);
  const { busy, failure, run } = useAttempt();
  const missing = verb !== "cancel" && text.value.trim() === "";
  const give = async (): Promise<void> => {
    tried.value = true;
    if (missing) return;
    await run(async () => {
      const words = text.value.trim();
      if (verb !== "annul_ask") await step(act, verb, { text: words });
      else if (!(await signAnnulment(act, words))) return;
      onClose();
    });
  };
  return (
    <Sheet
      title={t(`acts.verb_${verb}`)}
      onClose={onClose}
      actions={
        <Button kind={verb === "cancel" ? "danger" : "primary"} busy={busy} onClick={() => void give()}>
          {t(`acts.verb_${verb}`)}
        </Button>
      }
    >
      <p>{t(`acts.about_${verb}`)}</p>
      <TextArea
        label={t(`acts.write_${verb}` as Key)}
        value={text.value}
        maxLength={1000}
        required={verb !== "cancel"}
        error={tried.value && missing ? t("acts.write_something") : undefined}
        onInput={(value) => (text.value = value)}
      />
      {failure && <Failure code={failure.code} params={failure.params} kept={t("acts.kept_typed")} />}
    </Sheet>
  );
}
