/** One product: its sizes, and where and in what state each of them is. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import * as api from "../../api/stock";
import type { Stock, StockCard, StockProduct } from "../../api/stock";
import { parts, type Part } from "../../domain/stock";
import { formatNumber, lang, t } from "../../i18n";
import { Chip, Chips } from "../../goods/choosing";
import { label, sorted } from "../../goods/words";
import { can } from "../../store/session";
import { type Known, recallStock, useKept } from "../../store/stock";
import { Button } from "../../ui/button";
import { Badge } from "../../ui/list";
import { Page, Section } from "../../ui/page";
import { Empty } from "../../ui/states";
import { Stand } from "./parts";
import { WHOLE_LIST } from "./products";
import css from "./stock.module.css";
import { TONES } from "./words";

type Places = ReadonlyMap<string, string>;

const EVERYTHING = "free,in_act,held,not_yet,gone";

export function Product({ id }: { id: string }): JSX.Element {
  const { known, failure, again } = useKept(`product ${id}`, () => api.stock({ article_of: id, standing: EVERYTHING }, null), () => fromList(id));
  const chosen = useSignal<string | null>(null);
  const answer = known.value?.answer;
  const product = answer?.products[0];
  const places = new Map(answer?.places.map((place) => [place.id, place.names[lang.value]]));
  return (
    <Page
      title={product?.names[lang.value] ?? t("stock.product")}
      lead={product && [product.brand, product.article].filter(Boolean).join(" · ")}
      back={{ href: "/stock", text: t("stock.title") }}
      wide
    >
      <Stand at={known.value?.at ?? null} failure={failure} again={again} />
      {answer && !product && <Empty text={t("stock.nothing_found")} />}
      {product && <Sizes product={product} places={places} chosen={chosen.value} choose={(card) => (chosen.value = card)} />}
    </Page>
  );
}

/** What the list said of it, where its own page was never opened with network. */
async function fromList(id: string): Promise<Known<Stock> | undefined> {
  const list = await recallStock<Stock>(WHOLE_LIST);
  const product = list?.answer.products.find(({ cards }) => cards.some((card) => card.card_id === id));
  return list && product && { at: list.at, answer: { ...list.answer, products: [product] } };
}

interface SizesProps {
  product: StockProduct;
  places: Places;
  chosen: string | null;
  choose: (card: string | null) => void;
}

function Sizes({ product, places, chosen, choose }: SizesProps): JSX.Element {
  const cards = sorted(product.cards);
  const one = cards.length === 1 ? cards[0] : cards.find((card) => card.card_id === chosen);
  const shown = one ? [one] : cards;
  return (
    <div class={css.split}>
      <div>
        {cards.length > 1 && (
          <Section title={t("stock.sizes")}>
            <Chips label={t("stock.sizes")}>
              <Chip pressed={!one} words={t("stock.all_sizes")} count={onHand(cards)} onClick={() => choose(null)} />
              {cards.map((card) => (
                <Chip key={card.card_id} pressed={card === one} words={label(card, cards)} count={onHand([card])} onClick={() => choose(card.card_id)} />
              ))}
            </Chips>
          </Section>
        )}
        <div class={css.verbs}>
          {can("acts:sign") && (
            <Button kind="primary" icon="document" href={`/acts/new?pick=${one?.card_id ?? product.id}`}>
              {t("stock.make_act")}
            </Button>
          )}
          {one && <Button href={`/stock/codes?card=${one.card_id}`}>{t("stock.show_codes")}</Button>}
          {one && <Button href={`/stock/boxes?card=${one.card_id}`}>{t("stock.boxes")}</Button>}
        </div>
      </div>
      <Section title={t("stock.where")}>
        <ul class={css.rows}>
          {parts(shown.flatMap(({ heaps }) => heaps)).map((part) => (
            <li key={`${part.standing} ${part.place} ${part.packed}`}>
              <Where part={part} places={places} card={one?.card_id ?? null} />
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

function Where({ part: { standing, place, packed, count }, places, card }: { part: Part; places: Places; card: string | null }): JSX.Element {
  const inside = (
    <>
      <span class={css.words}>
        <span>
          <Badge tone={TONES[standing]}>{t(`stock.standing_${standing}`)}</Badge>
        </span>
        <span class={css.note}>{[place ? (places.get(place) ?? place) : t("stock.nowhere"), t(packed ? "stock.packed" : "stock.loose")].join(" · ")}</span>
      </span>
      <span class={css.number}>{formatNumber(count)}</span>
    </>
  );
  if (!card) return <div class={css.row}>{inside}</div>;
  const asked = new URLSearchParams({ card, standing, place: place ?? "none", packed: packed ? "yes" : "no" });
  return (
    <a class={css.row} href={`/stock/codes?${asked}`}>
      {inside}
    </a>
  );
}

/** What has left is history, no stock. */
function onHand(cards: readonly StockCard[]): number {
  return cards.flatMap(({ heaps }) => heaps).reduce((all, { standing, count }) => all + (standing === "gone" ? 0 : count), 0);
}
