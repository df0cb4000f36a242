/** A box or pallet looked into: products with counts, boxes inside, single codes; opened, or put into an act. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { createAct, putUnits } from "../../api/acts";
import * as api from "../../api/stock";
import type { Contents } from "../../api/stock";
import { formatNumber, t } from "../../i18n";
import { once, useAttempt } from "../../store/attempt";
import { boxTitle, called } from "../../goods/words";
import { online } from "../../store/network";
import { can } from "../../store/session";
import { Button } from "../../ui/button";
import { Badge, List, Row } from "../../ui/list";
import { LongList } from "../../ui/long-list";
import { Facts, Page, Section } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Failure, Note } from "../../ui/states";
import { BoxLine } from "./boxes";
import { CodeLine } from "./codes";
import { usePaged } from "./paged";
import { More, Stand } from "./parts";
import css from "./stock.module.css";
import { boxHref } from "./words";

/** As many boxes as one answer names. */
const MOST = 500;

export function Box({ sscc }: { sscc: string }): JSX.Element {
  const { pages, first, failure, again, busy, more } = usePaged(`box ${sscc}`, (cursor) => api.contents(sscc, cursor));
  const box = pages[0];
  const codes = pages.flatMap((page) => page.codes);
  return (
    <Page
      title={box ? boxTitle(box) : t("stock.box_title", { code: sscc.slice(-5) })}
      lead={box && box.state === "FORMED" ? t("stock.inside_count", { count: box.count }) : undefined}
      back={{ href: "/stock/boxes", text: t("stock.packages") }}
      wide
    >
      <Stand at={first.value?.at ?? null} failure={failure} again={again} />
      {box && (
        <div class={css.split}>
          <div>
            {box.state !== "FORMED" && <Note title={t("stock.box_opened")}>{t(ofPallet(box) ? "stock.pallet_opened_text" : "stock.box_opened_text")}</Note>}
            {box.count > 0 && !box.free && <Note tone="care">{t("stock.box_not_free")}</Note>}
            {/* Above the codes: there may be hundreds. */}
            {box.state === "FORMED" && <Verbs box={box} again={again} />}
          </div>
          <div>
            <Inside box={box} />
            {codes.length > 0 && (
              <Section title={t("stock.inside_codes")}>
                <LongList label={t("stock.inside_codes")} count={codes.length} name={(at) => codes[at]?.code ?? ""} row={(at) => <CodeLine one={codes[at]} boxed />} />
              </Section>
            )}
            <More more={more} busy={busy} />
          </div>
        </div>
      )}
    </Page>
  );
}

/** A pallet holds boxes. */
function ofPallet({ level }: Contents): boolean {
  return level > 1;
}

function Inside({ box }: { box: Contents }): JSX.Element {
  const [around] = box.around;
  return (
    <>
      <Facts
        facts={[
          [t(ofPallet(box) ? "stock.pallet_code" : "stock.sscc"), <span key="sscc" class={css.code}>{box.sscc}</span>],
          ...(around ? ([[t("stock.in_box"), <a key="around" href={boxHref(around)}>…{around.slice(-5)}</a>]] as const) : []),
        ]}
      />
      {box.parts.length > 0 && (
        <Section title={t("stock.inside")}>
          <List label={t("stock.inside")}>
            {box.parts.map((part) => (
              <Row key={part.card_id} href={`/stock/products/${part.card_id}`} title={called(part)} side={<Badge>{formatNumber(part.count)}</Badge>} />
            ))}
          </List>
        </Section>
      )}
      {box.children.length > 0 && (
        <Section title={t("stock.inside_boxes")}>
          <LongList label={t("stock.inside_boxes")} count={box.children.length} name={(at) => box.children[at]?.sscc ?? ""} row={(at) => <BoxLine box={box.children[at]} />} />
          {box.packages > MOST && <p class={css.note}>{t("stock.first_boxes", { count: MOST })}</p>}
        </Section>
      )}
    </>
  );
}

function Verbs({ box, again }: { box: Contents; again: () => void }): JSX.Element {
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  const sure = useSignal(false);
  const opening = t(ofPallet(box) ? "stock.open_pallet" : "stock.open_box");
  const act = (): void =>
    void run(async () => {
      const made = await once("act of box", box.sscc, (key) => createAct({}, key));
      await putUnits(made.id, [`00${box.sscc}`]);
      route(`/acts/${made.id}`);
    });
  const open = async (): Promise<void> => {
    const done = await run(async () => void (await once("open", box.sscc, (key) => api.openPackage(box.sscc, key))));
    if (!done) return;
    sure.value = false;
    again();
  };
  return (
    <>
      {failure && <Failure code={failure.code} params={failure.params} />}
      <div class={css.verbs}>
        {can("acts:sign") && box.free && box.around.length === 0 && (
          <Button kind="primary" icon="document" busy={busy} disabled={!online.value} onClick={act}>
            {t("stock.make_act")}
          </Button>
        )}
        {can("codes:pack") && (
          <Button disabled={!online.value} onClick={() => (sure.value = true)}>
            {opening}
          </Button>
        )}
      </div>
      {!online.value && <p class={css.note}>{t("stock.needs_network")}</p>}
      {sure.value && (
        <Sheet
          title={opening}
          onClose={() => (sure.value = false)}
          actions={
            <Button kind="danger" busy={busy} onClick={() => void open()}>
              {opening}
            </Button>
          }
        >
          <p>{t(ofPallet(box) ? "stock.open_pallet_text" : "stock.open_box_text")}</p>
        </Sheet>
      )}
    </>
  );
}
