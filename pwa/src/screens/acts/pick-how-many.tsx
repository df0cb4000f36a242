/** How many of a size go into the draft, and from where: loose units by the number, packed ones by their whole boxes. */

import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type Act, putUnits } from "../../api/acts";
import { ApiError } from "../../api/client";
import * as api from "../../api/stock";
import type { Pickable, StockCard, StockPackage } from "../../api/stock";
import { available, boxed, loose, lying, NOWHERE, undrafted } from "../../domain/stock";
import { hasWords, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { Chip, Chips } from "../../goods/choosing";
import words from "../../goods/goods.module.css";
import { boxTitle, called } from "../../goods/words";
import { online } from "../../store/network";
import { Button, IconButton } from "../../ui/button";
import { Check, Field } from "../../ui/field";
import { Sheet } from "../../ui/sheet";
import { Failure, Note } from "../../ui/states";
import css from "./pick.module.css";

interface HowManyProps {
  card: StockCard;
  /** Names of places by their ids. */
  places: ReadonlyMap<string, string>;
  /** The place that goods are taken from, as the API names it; empty for any. */
  place: Signal<string>;
  act: () => Promise<Act>;
  onDone: () => void;
  onClose: () => void;
  onBack: () => void;
}

export function PickHowMany({ card, places, place, act, onDone, onClose, onBack }: HowManyProps): JSX.Element {
  const left = useSignal<Pickable["places"] | null>(null);
  // Until the server has told what drafts have: as the list counted it.
  const goods = left.value ? undrafted(card, left.value) : card;
  const where = available(goods);
  const from = where.some((one) => one.place === place.value) ? place.value : "";
  const [single, packed] = [loose(lying(goods, from)), boxed(lying(goods, from))];
  const typed = useSignal(single > 0 ? 1 : 0);
  const count = Math.min(typed.value, single);
  const boxes = useSignal<StockPackage[]>([]);
  const next = useSignal<string | null>(null);
  const taken = useSignal<ReadonlySet<string>>(new Set());
  const told = useSignal<string[]>([]);
  const shown = useSignal(from);
  shown.value = from;
  const { busy, failure, run } = useAttempt();
  const load = (cursor: string | null): void =>
    void run(async () => {
      const page = await api.stockPackages(card.card_id, from, cursor);
      // A slow answer about the place that was chosen before.
      if (shown.peek() !== from) return;
      const known = new Map([...boxes.value, ...page.packages.filter(({ free }) => free)].map((box) => [box.sscc, box]));
      boxes.value = [...known.values()];
      next.value = page.next;
    });
  const ask = async (): Promise<void> => {
    try {
      left.value = (await api.pickable(card.card_id)).places;
    } catch (error) {
      // Then the list's counts stand, and adding tells what was short.
      if (!(error instanceof ApiError)) throw error;
    }
  };
  useEffect(() => void ask(), [card.card_id]);
  useEffect(() => {
    boxes.value = [];
    next.value = null;
    taken.value = new Set();
    if (packed > 0) load(null);
  }, [card.card_id, from]);
  const set = (value: number): void => void (typed.value = Math.max(0, Math.min(single, value)));
  const choose = (chosen: string): void => {
    typed.value = Math.max(count, 1);
    place.value = chosen;
  };
  const add = (): void =>
    void run(async () => {
      const { id } = await act();
      const said: string[] = [];
      if (count > 0) {
        const wish = { card: card.card_id, place: from, count };
        const { short } = await once("pick", [id, wish], (key) => api.pickUnits(id, wish, key));
        if (short > 0) said.push(t("stock.pick_short", { count: short }));
        typed.value = 0;
      }
      if (taken.value.size > 0) {
        const { results } = await putUnits(id, [...taken.value].map((sscc) => `00${sscc}`));
        for (const { status, reason, text } of results) if (status === "refused") said.push(t("stock.pick_refused", { box: `…${text.slice(-5)}`, why: why(reason) }));
        taken.value = new Set();
      }
      onDone();
      told.value = said;
      if (said.length === 0) return onClose();
      await ask();
    });
  const actions = (
    <>
      <Button onClick={onBack} icon="back">
        {t("stock.products")}
      </Button>
      <Button kind="primary" busy={busy} disabled={!online.value || (count === 0 && taken.value.size === 0)} onClick={add}>
        {taken.value.size > 0 && count === 0 ? t("stock.pick_add_boxes", { count: taken.value.size }) : t("stock.pick_add", { count: count + inside(boxes.value, taken.value) })}
      </Button>
    </>
  );
  return (
    <Sheet title={called(card)} onClose={onClose} actions={actions}>
      {where.length > 1 && (
        <Chips label={t("stock.place")}>
          <Chip pressed={!from} words={t("stock.every_place")} count={where.reduce((all, one) => all + one.count, 0)} onClick={() => choose("")} />
          {where.map((one) => (
            <Chip key={one.place} pressed={one.place === from} words={named(one.place, places)} count={one.count} onClick={() => choose(one.place)} />
          ))}
        </Chips>
      )}
      <p class={words.note}>
        {where.length === 1 && where[0] && where[0].place !== NOWHERE && `${named(where[0].place, places)}. `}
        {t("stock.pick_loose", { loose: single, boxed: packed })}
      </p>
      {single > 0 && (
        <>
          <div class={css.stepper}>
            <IconButton name="minus" label={t("stock.pick_less")} onClick={() => set(count - 1)} />
            <Field label={t("stock.pick_count")} value={String(count)} inputMode="numeric" maxLength={6} onInput={(value) => set(Number(value.replace(/\D/g, "")))} />
            <IconButton name="plus" label={t("stock.pick_more")} onClick={() => set(count + 1)} />
          </div>
          <Button onClick={() => set(single)}>{t("stock.pick_all", { count: single })}</Button>
        </>
      )}
      {packed > 0 && <Note>{t("stock.pick_boxes")}</Note>}
      {boxes.value.map((box) => (
        <Check
          key={box.sscc}
          label={`${boxTitle(box)} · ${t("stock.inside_count", { count: box.count })}`}
          checked={taken.value.has(box.sscc)}
          onChange={(checked) => (taken.value = new Set(checked ? [...taken.value, box.sscc] : [...taken.value].filter((one) => one !== box.sscc)))}
        />
      ))}
      {next.value && (
        <Button wide busy={busy} onClick={() => load(next.value)}>
          {t("app.more")}
        </Button>
      )}
      {failure && <Failure code={failure.code} params={failure.params} />}
      {told.value.length > 0 && (
        <Note tone="care">
          {told.value.map((one) => (
            <p key={one}>{one}</p>
          ))}
        </Note>
      )}
    </Sheet>
  );
}

function inside(boxes: readonly StockPackage[], taken: ReadonlySet<string>): number {
  return boxes.reduce((all, { sscc, count }) => all + (taken.has(sscc) ? count : 0), 0);
}

function named(place: string, places: ReadonlyMap<string, string>): string {
  return place === NOWHERE ? t("stock.nowhere") : (places.get(place) ?? place);
}

function why(reason: string | null): string {
  const key = `acts.why_${reason ?? "other"}`;
  return t(hasWords(key) ? key : "acts.why_other", { package: "" });
}
