/** Several codes of one picture: a row each, the worst first. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { lookOf, severity } from "../../domain/verdict";
import { t } from "../../i18n";
import { listen, type RawScan } from "../../scanner";
import { close, type Shown } from "../../store/checking";
import { Button } from "../../ui/button";
import { AwaitedRow, shortened, VerdictRow } from "../../verdict/row";
import { productName } from "../../verdict/words";
import { AtWork } from "./at-work";
import css from "./verify.module.css";

interface ListProps {
  shown: readonly Shown[];
  onOpen: (id: string) => void;
  onNext: () => void;
  onScan: (scan: RawScan) => void;
}

export function VerdictList({ shown, onOpen, onNext, onScan }: ListProps): JSX.Element {
  const next = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => next.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(
    () =>
      listen((scan) => {
        close();
        onScan(scan);
      }),
    [],
  );
  const now = Date.now();
  const rank = ({ check }: Shown): number =>
    check ? severity(lookOf(check.answer, { by: check.by, age: now - Date.parse(check.answer.checked_at) })) : -1;
  // Once all are answered, so that one question is asked of all.
  const checks = shown.flatMap(({ check }) => check ?? []);
  const ordered = [...shown].sort((a, b) => rank(a) - rank(b));
  return (
    <div class={css.list}>
      <h1>{t("verdict.list_title", { count: shown.length })}</h1>
      <ul class={css.rows}>
        {ordered.map(({ id, check }) => (
          <li key={id}>
            {check ? (
              <VerdictRow check={check} now={now} onOpen={() => onOpen(id)}>
                {productName(check) && shortened(check.code)}
              </VerdictRow>
            ) : (
              <AwaitedRow />
            )}
          </li>
        ))}
      </ul>
      <div class={css.listActions}>
        <Button kind="primary" icon="scan" wide innerRef={next} onClick={() => onNext()}>
          {t("verdict.next")}
        </Button>
        {checks.length === shown.length && <AtWork checks={checks} />}
      </div>
    </div>
  );
}
