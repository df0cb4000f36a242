/** Single codes behind a count: of one size, in one place and state. */

import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import * as api from "../../api/stock";
import type { StockCode, Wanted } from "../../api/stock";
import { t } from "../../i18n";
import { called } from "../../goods/words";
import { Badge } from "../../ui/list";
import { LongList } from "../../ui/long-list";
import { Page } from "../../ui/page";
import { Empty } from "../../ui/states";
import { usePaged } from "./paged";
import { Line, More, Stand } from "./parts";
import { codeHref, stateWords, tail, TONES } from "./words";

const ASKED = ["card", "place", "standing", "packed"] as const;

export function Codes(): JSX.Element {
  const { url } = useLocation();
  const { searchParams } = new URL(url, location.origin);
  const wanted: Wanted = Object.fromEntries(ASKED.map((name) => [name, searchParams.get(name) ?? ""]));
  const { pages, first, failure, again, busy, more } = usePaged(`codes ${JSON.stringify(wanted)}`, (cursor) => api.stockCodes(wanted, cursor));
  const codes = pages.flatMap((page) => page.codes);
  const card = pages[0]?.cards.find(({ card_id: id }) => id === wanted.card);
  const back = wanted.card ? `/stock/products/${wanted.card}` : "/stock";
  return (
    <Page title={t("stock.codes")} lead={card && called(card)} back={{ href: back, text: card ? t("stock.product") : t("stock.title") }}>
      <Stand at={first.value?.at ?? null} failure={failure} again={again} />
      {first.value && codes.length === 0 && <Empty text={t("stock.nothing_found")} />}
      {codes.length > 0 && <LongList label={t("stock.codes")} count={codes.length} name={(at) => codes[at]?.code ?? ""} row={(at) => <CodeLine one={codes[at]} />} />}
      <More more={more} busy={busy} />
    </Page>
  );
}

/** @param boxed its box is known from around the list. */
export function CodeLine({ one, boxed }: { one: StockCode | undefined; boxed?: boolean }): JSX.Element {
  if (!one) return <span />;
  const box = one.package && !boxed ? t("stock.box_title", { code: one.package.slice(-5) }) : "";
  return (
    <Line
      href={codeHref(one.code)}
      name={`…${tail(one.code)}`}
      text={[stateWords(one), box].filter(Boolean).join(" · ")}
      side={<Badge tone={TONES[one.standing]}>{t(`stock.standing_${one.standing}`)}</Badge>}
    />
  );
}
