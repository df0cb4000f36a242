/** What is in a draft: by product as the server counts it, what was refused and what to do, what was scanned last. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../../i18n";
import type { KeptScan } from "../../store/acts";
import { useAttempt } from "../../store/attempt";
import type { Draft } from "../../store/drafts";
import { Button, IconButton } from "../../ui/button";
import { Section } from "../../ui/page";
import { Empty, Failure } from "../../ui/states";
import css from "./acts.module.css";
import { Inside } from "./draft-inside";
import { Goods } from "./show";
import { short, whyNot } from "./words";

const STEP = 20;

export function DraftGoods({ making }: { making: Draft }): JSX.Element {
  const most = useSignal(STEP);
  const { failure, run } = useAttempt();
  const act = making.act.value;
  const scans = making.scans.value;
  const refused = scans.filter(({ answer }) => answer?.status === "refused");
  const rest = scans.filter(({ answer }) => answer?.status !== "refused").reverse();
  const remove = (gone: readonly KeptScan[]): void => void run(() => making.remove(gone.map(({ code }) => code)));
  if (scans.length === 0 && !act?.units) return <Empty text={t("acts.draft_empty")} />;
  return (
    <>
      {failure && <Failure code={failure.code} params={failure.params} />}
      {refused.length > 0 && (
        <Section
          title={t("acts.refused", { count: refused.length })}
          actions={
            <Button icon="close" onClick={() => remove(refused)}>
              {t("acts.clear_refused")}
            </Button>
          }
        >
          <ul class={css.lines}>
            {refused.slice(0, most.value).map((one) => (
              <li key={one.seq} class={css.line} data-kind="refused">
                <span class={css.sign} aria-hidden="true">
                  ✕
                </span>
                <span class={css.lineWords}>
                  <span>{short(one.code)}</span>
                  <span class={css.quiet}>{one.answer && whyNot(one.answer)}</span>
                </span>
                <IconButton name="close" label={t("acts.take_out", { code: short(one.code) })} onClick={() => remove([one])} />
              </li>
            ))}
          </ul>
          {refused.length > most.value && <p class={css.quiet}>{t("acts.and_more", { count: refused.length - most.value })}</p>}
        </Section>
      )}
      {act && act.lines.length > 0 && (
        <Section title={t("acts.goods")}>
          <Goods act={act} />
          {act.units > 0 && <Inside key={act.id} act={act} making={making} />}
        </Section>
      )}
      {rest.length > 0 && (
        <details class={css.more}>
          <summary>{t("acts.scanned", { count: rest.length })}</summary>
          <div>
            <ul class={css.lines}>
              {rest.slice(0, most.value).map((one) => (
                <li key={one.seq} class={css.line}>
                  <span class={css.sign} aria-hidden="true">
                    {one.answer ? "✓" : "◌"}
                  </span>
                  <span class={css.lineWords}>
                    <span>{short(one.code)}</span>
                    {!one.answer && <span class={css.quiet}>{t("acts.on_device")}</span>}
                  </span>
                  <IconButton name="bin" label={t("acts.take_out", { code: short(one.code) })} onClick={() => remove([one])} />
                </li>
              ))}
            </ul>
            {rest.length > most.value && (
              <Button wide onClick={() => (most.value += STEP)}>
                {t("app.more")}
              </Button>
            )}
          </div>
        </details>
      )}
    </>
  );
}
