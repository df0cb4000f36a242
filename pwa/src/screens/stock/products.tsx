/** Products of the organisation with their counts: the answer to "which codes are mine". */

import { signal, useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import * as api from "../../api/stock";
import type { Standing, StockProduct } from "../../api/stock";
import { STANDINGS, sizes } from "../../domain/stock";
import { formatNumber, lang, t } from "../../i18n";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { Field, Select } from "../../ui/field";
import { LongList } from "../../ui/long-list";
import { Page } from "../../ui/page";
import { Empty } from "../../ui/states";
import { Finder } from "./finder";
import { FoundCodes } from "./found";
import { usePaged } from "./paged";
import { Line, More, Stand } from "./parts";
import css from "./stock.module.css";

interface Asked {
  q: string;
  standing: Standing | "";
  place: string;
}

/** Kept while one looks into a product and comes back. */
const EVERYTHING: Asked = { q: "", standing: "", place: "" };
const asked = signal(EVERYTHING);
/** Under this name the list without filters is kept. */
export const WHOLE_LIST = named(EVERYTHING);
const places = signal<readonly { id: string; names: Record<string, string> }[]>([]);

/** Milliseconds after the last letter. */
const PAUSE = 300;

/** There is room for the filters beside the list. */
function roomy(): boolean {
  return matchMedia("(min-width: 1000px)").matches;
}

export function Products(): JSX.Element {
  const { route } = useLocation();
  const typed = useSignal(asked.value.q);
  const scanning = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => (asked.value = { ...asked.value, q: typed.value.trim() }), PAUSE);
    return () => clearTimeout(timer);
  }, [typed.value]);
  const wanted = asked.value;
  const { pages, first, failure, again, busy, more } = usePaged(named(wanted), (cursor) => api.stock(wanted, cursor));
  const products = pages.flatMap((page) => page.products);
  useEffect(() => remember(pages.flatMap((page) => page.places)), [pages.length, first.value]);
  const total = pages[0]?.total ?? 0;
  const filtered = Boolean(wanted.q || wanted.standing || wanted.place);
  return (
    <Page
      wide
      title={t("stock.title")}
      lead={first.value ? t("stock.total", { count: total }) : undefined}
      back={{ href: "/home", text: t("app.home") }}
      actions={
        <>
          <Button kind="primary" icon="scan" onClick={() => (scanning.value = !scanning.value)}>
            {t("stock.scan")}
          </Button>
          <Button href="/stock/boxes">{t("stock.boxes")}</Button>
          {can("codes:pack") && <Button href="/stock/pack">{t("stock.pack")}</Button>}
        </>
      }
    >
      {scanning.value && <Finder route={route} />}
      <div class={css.split}>
        <div>
          <Field type="search" label={t("stock.search")} hint={t("stock.search_hint")} value={typed.value} onInput={(value) => (typed.value = value)} />
          <details class={css.narrow} open={roomy() || Boolean(wanted.standing || wanted.place)}>
            <summary>{t("stock.narrow")}</summary>
            <div class={css.filters}>
              <Select
                label={t("stock.show")}
                value={wanted.standing}
                options={[{ value: "", text: t("stock.on_hand") }, ...STANDINGS.map((value) => ({ value, text: t(`stock.standing_${value}`) }))]}
                onChange={(standing) => (asked.value = { ...wanted, standing })}
              />
              {places.value.length > 0 && (
                <Select
                  label={t("stock.place")}
                  value={wanted.place}
                  options={[
                    { value: "", text: t("stock.every_place") },
                    ...places.value.map(({ id, names }) => ({ value: id, text: names[lang.value] ?? id })),
                    { value: "none", text: t("stock.nowhere") },
                  ]}
                  onChange={(place) => (asked.value = { ...wanted, place })}
                />
              )}
            </div>
          </details>
        </div>
        <div>
          <Stand at={first.value?.at ?? null} failure={failure} again={again} />
          {first.value && products.length === 0 && <Empty text={t(filtered ? "stock.nothing_found" : "stock.none")} />}
          {products.length > 0 && (
            <LongList label={t("stock.products")} count={products.length} name={(at) => products[at]?.id ?? ""} row={(at) => <One product={products[at]} />} />
          )}
          <More more={more} busy={busy} />
          {wanted.q.length > 2 && <FoundCodes q={wanted.q} />}
        </div>
      </div>
    </Page>
  );
}

function named(wanted: Asked): string {
  return `products ${JSON.stringify(wanted)}`;
}

function One({ product }: { product: StockProduct | undefined }): JSX.Element {
  if (!product) return <span />;
  const { id, names, article, cards, count } = product;
  return <Line href={`/stock/products/${id}`} name={names[lang.value]} text={[article, sizes(cards)].filter(Boolean).join(" · ")} side={formatNumber(count)} />;
}

function remember(seen: readonly { id: string; names: Record<string, string> }[]): void {
  const fresh = seen.filter(({ id }) => !places.value.some((place) => place.id === id));
  if (fresh.length > 0) places.value = [...places.value, ...fresh.filter((one, at) => fresh.findIndex(({ id }) => id === one.id) === at)];
}
