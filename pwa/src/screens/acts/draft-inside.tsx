/** All that a draft names, whoever put it in on whichever device, one line each: a box, or a unit that lies in none. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type Act, allUnitsOf } from "../../api/acts";
import { t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import type { Draft } from "../../store/drafts";
import { IconButton } from "../../ui/button";
import { LongList } from "../../ui/long-list";
import { Failure, Loading } from "../../ui/states";
import css from "./acts.module.css";
import { productOf, short } from "./words";

interface Loose {
  code: string;
  card: string | null;
}

export function Inside({ act, making }: { act: Act; making: Draft }): JSX.Element {
  const open = useSignal(false);
  const loose = useSignal<readonly Loose[] | null>(null);
  const { failure, run } = useAttempt();
  const taking = useAttempt();
  const load = (): void =>
    void run(async () => {
      const units = await allUnitsOf(act.id, true);
      loose.value = units.map(({ code, card_id: card }) => ({ code, card }));
    });
  useEffect(() => {
    if (open.value) load();
  }, [open.value, act.version]);
  const boxes = act.packages;
  const units = loose.value ?? [];
  const codeAt = (at: number): string => (at < boxes.length ? `00${boxes[at] ?? ""}` : (units[at - boxes.length]?.code ?? ""));
  const cardAt = (at: number): string => (at < boxes.length ? "" : productOf(act, units[at - boxes.length]?.card ?? null));
  const remove = (code: string): void => void taking.run(() => making.remove([code]));
  return (
    <details class={css.more} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{t("acts.all_inside", { count: act.units })}</summary>
      <div>
        {failure && <Failure code={failure.code} params={failure.params} onRetry={load} />}
        {taking.failure && <Failure code={taking.failure.code} params={taking.failure.params} />}
        {open.value && !loose.value && !failure && <Loading rows={2} />}
        {open.value && (
          <LongList
            label={t("acts.goods")}
            count={boxes.length + units.length}
            name={codeAt}
            row={(at) => (
              <div class={css.line}>
                <span class={css.rowWords}>
                  <span>{short(codeAt(at))}</span>
                  <span class={css.quiet}>{cardAt(at)}</span>
                </span>
                <IconButton name="bin" label={t("acts.take_out", { code: short(codeAt(at)) })} onClick={() => remove(codeAt(at))} />
              </div>
            )}
          />
        )}
      </div>
    </details>
  );
}
