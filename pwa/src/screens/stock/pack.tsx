/** Packing a box: scan what goes in, then the label of the new box. What was scanned stays on the device until it is closed. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Fit } from "../../api/stock";
import { ssccOf } from "../../domain/acts";
import { hasWords, t } from "../../i18n";
import { Scanner } from "../../scanner";
import { once, useAttempt } from "../../store/attempt";
import { called } from "../../goods/words";
import { online } from "../../store/network";
import { formPackage } from "../../api/stock";
import { can } from "../../store/session";
import { Button, IconButton } from "../../ui/button";
import { Field } from "../../ui/field";
import { Page, Section } from "../../ui/page";
import { Empty, Failure, Note, OfflineNote } from "../../ui/states";
import { type Packing, usePacking } from "./packing";
import css from "./stock.module.css";
import { boxHref, tail } from "./words";

export function Pack(): JSX.Element {
  const back = { href: "/stock", text: t("stock.title") };
  if (can("codes:pack")) {
    return (
      <Page title={t("stock.pack")} lead={t("stock.pack_lead")} back={back}>
        <Table />
      </Page>
    );
  }
  return (
    <Page title={t("stock.pack")} back={back}>
      <Note tone="care">{t("stock.pack_not_allowed")}</Note>
    </Page>
  );
}

function Table(): JSX.Element {
  const work = usePacking();
  const scanning = useSignal(true);
  const tried = useSignal(false);
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  const inside = work.codes.value.filter((code) => fits(work.fits.value.get(code)));
  const refused = work.codes.value.filter((code) => !fits(work.fits.value.get(code)));
  useEffect(() => void work.check(), []);
  const close = (): void => {
    tried.value = true;
    if (!/^[0-9]{18}$/.test(work.label.value)) return;
    void run(async () => {
      const boxes = inside.map(ssccOf).filter((box): box is string => box !== null);
      const units = inside.filter((code) => ssccOf(code) === null);
      const made = await once("pack", [work.label.value, inside], (key) => formPackage(work.label.value, units, boxes, key));
      await work.clear();
      route(boxHref(made.sscc));
    });
  };
  return (
    <div class={css.stack}>
      {!online.value && <OfflineNote text={t("stock.pack_kept")} />}
      {scanning.value && (
        <div class={css.stage}>
          <Scanner mode="bulk" active hint={t("stock.pack_hint")} onScan={({ text, symbology, located }) => (located ? undefined : work.scan(text, symbology))} />
        </div>
      )}
      <p role="status" class={css.note}>
        {work.said.value}
      </p>
      <Button icon="scan" onClick={() => (scanning.value = !scanning.value)}>
        {t(scanning.value ? "stock.pack_stop" : "stock.scan")}
      </Button>
      {work.failure && <Failure code={work.failure.code} params={work.failure.params} kept={t("stock.pack_kept")} onRetry={() => void work.check()} />}
      {work.codes.value.length === 0 && <Empty text={t("stock.pack_empty")} />}
      <Scans title={t("stock.pack_refused", { count: refused.length })} codes={refused} work={work} />
      <Scans title={t("stock.pack_inside", { count: inside.length })} codes={[...inside].reverse()} work={work} />
      <Field
        label={t("stock.pack_label")}
        hint={t("stock.pack_label_hint")}
        value={work.label.value}
        inputMode="numeric"
        maxLength={20}
        error={tried.value && !/^[0-9]{18}$/.test(work.label.value) ? t("stock.pack_label_needed") : undefined}
        onInput={(value) => (work.label.value = value.replace(/\D/g, "").replace(/^00(?=\d{18}$)/, ""))}
      />
      {failure && <Failure code={failure.code} params={failure.params} kept={t("stock.pack_kept")} />}
      <div class={css.verbs}>
        {work.codes.value.length > 0 && (
          <Button kind="plain" icon="bin" onClick={() => void work.clear()}>
            {t("stock.pack_clear")}
          </Button>
        )}
        <Button kind="primary" busy={busy} disabled={inside.length === 0 || !online.value} onClick={close}>
          {t("stock.pack_close")}
        </Button>
      </div>
    </div>
  );
}

function Scans({ title, codes, work }: { title: string; codes: readonly string[]; work: Packing }): JSX.Element | null {
  if (codes.length === 0) return null;
  return (
    <Section title={title}>
      <ul class={css.rows}>
        {codes.slice(0, 100).map((code) => (
          <li key={code} class={css.row}>
            <span class={css.words}>
              <span class={css.code}>…{tail(code)}</span>
              <span class={css.note}>{said(work.fits.value.get(code))}</span>
            </span>
            <IconButton name="close" label={t("stock.remove", { code: tail(code) })} onClick={() => void work.remove(code)} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Until the server has said otherwise. */
function fits(fit: Fit | undefined): boolean {
  return !fit?.reason;
}

/** What it is, or why it does not go in and what to do. */
function said(fit: Fit | undefined): string {
  if (!fit) return t("stock.checking");
  if (!fit.reason) return fit.card ? called(fit.card) : t("stock.inside_count", { count: fit.count });
  const key = `acts.why_${fit.reason}`;
  return t(hasWords(key) ? key : "acts.why_other", { package: fit.package ? `…${fit.package.slice(-5)}` : "" });
}
