/** Closed boxes and pallets that lie in no other; of one product where it is named. */

import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import * as api from "../../api/stock";
import type { StockPackage } from "../../api/stock";
import { formatNumber, t } from "../../i18n";
import { boxTitle, called } from "../../goods/words";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { LongList } from "../../ui/long-list";
import { Page } from "../../ui/page";
import { Empty } from "../../ui/states";
import { usePaged } from "./paged";
import { Line, More, Stand } from "./parts";
import { boxHref } from "./words";

export function Boxes(): JSX.Element {
  const { url } = useLocation();
  const { searchParams } = new URL(url, location.origin);
  const [card, place] = [searchParams.get("card") ?? "", searchParams.get("place") ?? ""];
  const { pages, first, failure, again, busy, more } = usePaged(`boxes ${card} ${place}`, (cursor) => api.stockPackages(card, place, cursor));
  // Boxes of one pallet stand on several pages, and name the same pallet.
  const boxes = [...new Map(pages.flatMap((page) => page.packages).map((box) => [box.sscc, box])).values()];
  const pack = can("codes:pack") && <Button href="/stock/pack">{t("stock.pack")}</Button>;
  const back = card ? { href: `/stock/products/${card}`, text: t("stock.product") } : { href: "/stock", text: t("stock.title") };
  return (
    <Page title={t("stock.packages")} back={back} actions={pack || undefined}>
      <Stand at={first.value?.at ?? null} failure={failure} again={again} />
      {first.value && boxes.length === 0 && <Empty text={t("stock.no_boxes")} />}
      {boxes.length > 0 && <LongList label={t("stock.packages")} count={boxes.length} name={(at) => boxes[at]?.sscc ?? ""} row={(at) => <BoxLine box={boxes[at]} />} />}
      <More more={more} busy={busy} />
    </Page>
  );
}

export function BoxLine({ box }: { box: StockPackage | undefined }): JSX.Element {
  if (!box) return <span />;
  return <Line href={boxHref(box.sscc)} name={boxTitle(box)} text={goods(box)} side={formatNumber(box.count)} />;
}

/** What lies in it, in one line. */
export function goods({ parts }: StockPackage): string {
  const [first, ...rest] = parts;
  if (!first) return "";
  return rest.length > 0 ? `${called(first)} +${rest.length}` : called(first);
}
