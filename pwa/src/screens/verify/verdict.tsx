/** The verdict of one code: colour, shape, word and edge first; below them what to compare and what to do. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { formatDateTime, formatTime, t, tCode } from "../../i18n";
import { listen, type RawScan } from "../../scanner";
import { close } from "../../store/checking";
import type { Check } from "../../store/history";
import { Band } from "../../ui/band";
import { Button, IconButton } from "../../ui/button";
import { Glyph, Icon } from "../../ui/icons";
import { Languages } from "../../ui/languages";
import { outcomeWords, productName, type Said, say, SYSTEM_SITES, systemName } from "../../verdict/words";
import { AtWork } from "./at-work";
import { CodeLine } from "./code-line";
import { Compare, Facts } from "./facts";
import { useNow } from "./now";
import { ShareButton } from "./share";
import css from "./verdict.module.css";

interface VerdictProps {
  check: Check;
  /** @param again the same code is to be read once more. */
  onNext: (again?: boolean) => void;
  /** A hand scanner goes on while the verdict stands. */
  onScan: (scan: RawScan) => void;
  onBack?: (() => void) | undefined;
}

export function Verdict({ check, onNext, onScan, onBack }: VerdictProps): JSX.Element {
  const now = useNow(check);
  const mismatch = useSignal(false);
  const next = useRef<HTMLButtonElement>(null);

  useLayoutEffect(() => {
    // Enter or Space goes on to the next code; the words are said by the alert.
    next.current?.focus({ preventScroll: true });
  }, []);
  useLayoutEffect(
    () =>
      listen((scan) => {
        close();
        onScan(scan);
      }),
    [],
  );

  const said = say(check, now, mismatch.value);
  const name = productName(check);
  return (
    <article class={css.verdict} data-look={said.look} data-outcome={check.answer.outcome} data-by={check.by}>
      <Panel check={check} said={said} onClose={() => onNext()} onBack={onBack} />
      <div class={css.body}>
        <div class={css.goods}>
          {name && <h2 class={css.name}>{name}</h2>}
          <Compare check={check} now={now} mismatch={mismatch} />
          <Facts check={check} />
        </div>
        <section class={css.advice}>
          <h2 class={css.adviceTitle}>{t("verdict.advice")}</h2>
          <p>{said.advice}</p>
          <Ways check={check} />
        </section>
        <div class={css.rest}>
          <Circumstances check={check} />
          <CodeLine check={check} />
          <div class={css.languages}>
            <Languages />
          </div>
        </div>
      </div>
      <div class={css.actions}>
        <Button kind="primary" icon="scan" wide innerRef={next} onClick={() => onNext(said.look === "unknown")}>
          {said.look === "unknown" ? t("verdict.again") : t("verdict.next")}
        </Button>
        <AtWork checks={[check]} />
        <ShareButton check={check} said={said} />
        <Band />
      </div>
    </article>
  );
}

function Panel({ check, said, onClose, onBack }: { check: Check; said: Said; onClose: () => void; onBack?: (() => void) | undefined }): JSX.Element {
  const seconds = check.took === null ? null : Math.round(check.took / 100) / 10;
  return (
    <div class={css.panel}>
      <Glyph name={said.glyph} class={css.ghost} />
      <div class={css.top}>
        {onBack && <IconButton name="back" label={t("verdict.back_to_list")} onClick={onBack} />}
        <p class={css.meta}>
          {check.by === "device" ? t("verdict.by_device") : t("verdict.checked", { when: formatTime(check.answer.checked_at) })}
          {!!seconds && check.by === "server" && ` · ${t("verdict.took", { seconds })}`}
        </p>
        <IconButton name="close" label={t("app.dismiss")} onClick={onClose} />
      </div>
      <Glyph name={said.glyph} class={css.glyph} />
      <h1 class={css.word}>{said.word}</h1>
      <p class={css.outcome}>{said.outcome}</p>
      <p class={css.text}>{said.text}</p>
    </div>
  );
}

/** Where the answer can be had: another country's system, or the right code on the same thing. */
function Ways({ check }: { check: Check }): JSX.Element | null {
  const { outcome, foreign } = check.answer;
  const site = foreign && SYSTEM_SITES[foreign.system];
  if (foreign && site) {
    return (
      <Button icon="away" href={site} away>
        {t("verdict.open_system", { system: systemName(foreign.system) })}
      </Button>
    );
  }
  if (outcome !== "not_a_mark" && outcome !== "unreadable") return null;
  return (
    <Button icon="help" href="/help#find">
      {t("verdict.find_code")}
    </Button>
  );
}

/** When, by whom, and whether more is to come. */
function Circumstances({ check }: { check: Check }): JSX.Element {
  const { answer, pending, before, by } = check;
  return (
    <ul class={css.circumstances}>
      {pending && (
        <li class={css.pending}>
          <Icon name="renew" size={20} />
          {t("verdict.pending")}
        </li>
      )}
      {before && (
        <li>
          <Icon name="done" size={20} />
          {t("verdict.refined", { before: outcomeWords(before.outcome) })}
        </li>
      )}
      {answer.repairs.length > 0 && <Repairs names={answer.repairs} />}
      {answer.problem === "tail" && (
        <li>
          <Icon name="alert" size={20} />
          {t("verdict.problem.tail")}
        </li>
      )}
      <li class="tabular">
        <Icon name="history" size={20} />
        {t("verdict.checked", { when: formatDateTime(by === "device" ? check.at : answer.checked_at) })}
      </li>
    </ul>
  );
}

function Repairs({ names }: { names: readonly string[] }): JSX.Element {
  return (
    <li>
      <Icon name="done" size={20} />
      {t("verdict.repairs")}: {[...new Set(names.map((name) => tCode(`repair.${name}`, "repair.other")))].join(", ")}
    </li>
  );
}
