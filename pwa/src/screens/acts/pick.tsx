/** Goods from stock into a draft: choose a size, where it lies and how many, or whole boxes. Three taps from the act and back. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Act } from "../../api/acts";
import * as api from "../../api/stock";
import type { StockCard, StockProduct } from "../../api/stock";
import { boxed, loose } from "../../domain/stock";
import { lang, t } from "../../i18n";
import { Chip, Chips, Title } from "../../goods/choosing";
import { label, sorted } from "../../goods/words";
import { loadGroups } from "../../store/groups";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Sheet } from "../../ui/sheet";
import { Empty, Failure, Loading, OfflineNote } from "../../ui/states";
import { PickHowMany } from "./pick-how-many";
import css from "./pick.module.css";

const PAUSE = 300;

interface PickProps {
  /** A card whose sizes come first: where one came from stock. */
  about: string | null;
  /** The act on the server; it is made when nothing else has made it. */
  act: () => Promise<Act>;
  onDone: () => void;
  onClose: () => void;
}

export function Pick({ about, act, onDone, onClose }: PickProps): JSX.Element {
  const typed = useSignal("");
  const q = useSignal("");
  const products = useSignal<StockProduct[] | null>(null);
  const places = useSignal<ReadonlyMap<string, string>>(new Map());
  /** Who takes goods from one place takes the next ones there too. */
  const place = useSignal("");
  const next = useSignal<string | null>(null);
  const chosen = useSignal<StockCard | null>(null);
  const { busy, failure, run } = useAttempt();
  const load = (cursor: string | null): void =>
    void run(async () => {
      const wanted = { q: q.value, standing: "free", ...(about && !q.value ? { article_of: about } : {}) };
      const page = await api.stock(wanted, cursor);
      products.value = [...(cursor ? (products.value ?? []) : []), ...page.products];
      places.value = new Map([...places.value, ...page.places.map(({ id, names }) => [id, names[lang.value]] as const)]);
      next.value = page.next;
      const [only] = products.value;
      if (!cursor && products.value.length === 1 && only?.cards.length === 1) chosen.value = only.cards[0] ?? null;
    });
  useEffect(() => void loadGroups(), []);
  useEffect(() => load(null), [q.value]);
  useEffect(() => {
    const timer = setTimeout(() => (q.value = typed.value.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [typed.value]);
  if (chosen.value) {
    return <PickHowMany card={chosen.value} places={places.value} place={place} act={act} onDone={onDone} onClose={onClose} onBack={() => (chosen.value = null)} />;
  }
  return (
    <Sheet title={t("stock.pick")} onClose={onClose}>
      {!online.value && <OfflineNote text={t("stock.needs_network")} />}
      <Field type="search" label={t("stock.search")} hint={t("stock.search_hint")} value={typed.value} onInput={(value) => (typed.value = value)} />
      {failure && <Failure code={failure.code} params={failure.params} onRetry={() => load(null)} />}
      {!products.value && !failure && <Loading rows={3} />}
      {products.value?.length === 0 && <Empty text={t("stock.pick_none")} />}
      <ul class={css.products}>
        {products.value?.map((product) => (
          <li key={product.id} class={css.product}>
            <Sizes product={product} choose={(card) => (chosen.value = card)} />
          </li>
        ))}
      </ul>
      {next.value && (
        <Button wide busy={busy} onClick={() => load(next.value)}>
          {t("app.more")}
        </Button>
      )}
    </Sheet>
  );
}

function Sizes({ product, choose }: { product: StockProduct; choose: (card: StockCard) => void }): JSX.Element {
  const name = product.names[lang.value];
  return (
    <>
      <Title name={name} article={product.article} />
      <Chips label={name}>
        {sorted(product.cards).map((card) => (
          <Chip key={card.card_id} words={label(card, product.cards)} count={loose(card) + boxed(card)} onClick={() => choose(card)} />
        ))}
      </Chips>
    </>
  );
}
