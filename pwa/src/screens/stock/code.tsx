/** One code of one's own: what it stands on, where it is, and everything that happened to it. */

import type { JSX } from "preact";
import * as api from "../../api/stock";
import type { CodeLife, StockCodes } from "../../api/stock";
import { formatDateTime, hasWords, t } from "../../i18n";
import { called } from "../../goods/words";
import { can } from "../../store/session";
import { useKept } from "../../store/stock";
import { Badge } from "../../ui/list";
import { Facts, Page, Section } from "../../ui/page";
import { Stand } from "./parts";
import css from "./stock.module.css";
import { boxHref, stateWords, tail, TONES } from "./words";

export function Code({ code }: { code: string }): JSX.Element {
  const { known, failure, again } = useKept(`code ${code}`, () => look(code));
  const answer = known.value?.answer;
  return (
    <Page title={t("stock.code_title", { code: tail(code) })} back={{ href: "/stock", text: t("stock.title") }}>
      <Stand at={known.value?.at ?? null} failure={failure} again={again} />
      {answer && (
        <>
          <Facts facts={facts(answer)} />
          {answer.life.steps.length > 0 && (
            <Section title={t("stock.life")}>
              <ol class={css.steps}>
                {[...answer.life.steps].reverse().map((step) => (
                  <li key={`${step.kind} ${step.at}`}>
                    <strong>{happened(step.kind)}</strong>
                    <span class={css.note}>{formatDateTime(step.at)}</span>
                  </li>
                ))}
              </ol>
            </Section>
          )}
        </>
      )}
    </Page>
  );
}

interface Looked {
  found: StockCodes;
  life: CodeLife;
}

async function look(code: string): Promise<Looked> {
  const [found, life] = await Promise.all([api.stockCodes({ q: code }, null), api.codeLife(code)]);
  return { found, life };
}

function facts({ found, life }: Looked): [string, JSX.Element | string][] {
  const [one] = found.codes;
  const [card] = found.cards;
  const shown: [string, JSX.Element | string][] = [];
  if (card) shown.push([t("stock.product"), <a key="product" href={`/stock/products/${card.card_id}`}>{called(card)}</a>]);
  if (one) {
    shown.push([t("stock.state"), <span key="state"><Badge tone={TONES[one.standing]}>{t(`stock.standing_${one.standing}`)}</Badge> {stateWords(one)}</span>]);
    if (one.package) shown.push([t("stock.in_box"), <a key="box" href={boxHref(one.package)}>{t("stock.box_title", { code: one.package.slice(-5) })}</a>]);
    if (one.act_id && can("acts:see")) shown.push([t("stock.in_act"), <a key="act" href={`/acts/${one.act_id}`}>{t("stock.open_act")}</a>]);
    shown.push([t("stock.changed"), formatDateTime(one.changed_at)]);
  }
  shown.push([t("stock.code"), <span key="code" class={css.code}>{life.code.code}</span>]);
  return shown;
}

/** The words of the audit trail: a step of a code is a step of the organisation. */
function happened(kind: string): string {
  const key = `organisation.did_${kind.replace(":", "_")}`;
  return hasWords(key) ? t(key) : t("stock.step_other");
}
