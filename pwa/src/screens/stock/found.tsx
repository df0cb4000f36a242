/** Single codes among one's own that hold what was typed. */

import type { JSX } from "preact";
import * as api from "../../api/stock";
import { t } from "../../i18n";
import { called } from "../../goods/words";
import { useKept } from "../../store/stock";
import { Badge, List, Row } from "../../ui/list";
import { Section } from "../../ui/page";
import css from "./stock.module.css";
import { codeHref, stateWords, tail, TONES } from "./words";

export function FoundCodes({ q }: { q: string }): JSX.Element | null {
  const { known } = useKept(`find ${q}`, () => api.stockCodes({ q }, null));
  const answer = known.value?.answer;
  if (!answer || answer.codes.length === 0) return null;
  const cards = new Map(answer.cards.map((card) => [card.card_id, card]));
  return (
    <Section title={t("stock.found_codes")}>
      <List label={t("stock.found_codes")}>
        {answer.codes.map((one) => {
          const card = cards.get(one.card_id);
          return (
            <Row
              key={one.code}
              href={codeHref(one.code)}
              title={<span class={css.code}>…{tail(one.code)}</span>}
              text={[card && called(card), stateWords(one)].filter(Boolean).join(" · ")}
              side={<Badge tone={TONES[one.standing]}>{t(`stock.standing_${one.standing}`)}</Badge>}
            />
          );
        })}
      </List>
      {answer.more && <p class={css.note}>{t("stock.found_more")}</p>}
    </Section>
  );
}
