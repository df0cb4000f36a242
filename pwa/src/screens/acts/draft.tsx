/** An act in the making: scan, say to whom, sign. Scanning begins it; everything is on the device before it counts. */

import { type Signal, useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Act } from "../../api/acts";
import { ApiError } from "../../api/client";
import { named, type Showed } from "../../domain/meeting";
import { lang, t } from "../../i18n";
import { keepAct } from "../../store/acts";
import { useAttempt } from "../../store/attempt";
import { discardDraft, type Draft as Making, keepTyped, openDraft, recallTyped } from "../../store/drafts";
import { type Buyer as Met, meet } from "../../store/meeting";
import { online } from "../../store/network";
import { can, me } from "../../store/session";
import { Button } from "../../ui/button";
import { Page, Section } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Failure, Loading, Note, OfflineNote } from "../../ui/states";
import css from "./acts.module.css";
import { DraftAttachments } from "./attachments";
import { Buyer, buyerProblem } from "./buyer";
import { DraftGoods } from "./draft-goods";
import { DraftScan, hear, type LastPut, LastPutLine, taker } from "./draft-scan";
import { changed, type Form, formOf, typedOf } from "./form";
import { useHandScanner } from "./hand-scanner";
import { FromFile } from "./import";
import { LeftOut } from "./left-out";
import { box } from "./list";
import { Panes } from "./panes";
import { Pending, waits } from "./pending";
import { FromStock } from "./from-stock";
import { Sums } from "./show";
import { DraftPaper } from "./share";
import { signAndSend } from "./sign";
import { Details } from "./terms";
import { Undone } from "./undone";
import { daysTo, title } from "./words";

export function Draft({ act }: { act: Act | null }): JSX.Element {
  const making = useSignal<Making | null>(null);
  const before = useSignal<Form | undefined>(undefined);
  const last = useSignal<LastPut>(null);
  useEffect(() => {
    let opened: Making | null = null;
    box.value = "out";
    let over = false;
    const opening = openDraft(act, (put) => hear(last, put));
    void Promise.all([opening, recallTyped<Form>(act?.id ?? null)]).then(([draft, typed]) => {
      if (over) return draft.stop();
      opened = draft;
      before.value = typed;
      making.value = draft;
      void draft.push();
    });
    return () => {
      over = true;
      opened?.stop();
    };
  }, []);
  const now = making.value?.act.value ?? act;
  return (
    <Page wide title={now ? title(now) : t("acts.new")} back={{ href: "/acts", text: t("acts.title") }}>
      <Panes current={now?.id ?? "new"}>{making.value ? <Open making={making.value} before={before.value} last={last} /> : <Loading rows={4} />}</Panes>
    </Page>
  );
}

/** @param before what was typed here and not saved, when the app was closed. */
function Open({ making, before, last }: { making: Making; before: Form | undefined; last: Signal<LastPut> }): JSX.Element {
  const act = making.act.value;
  const form = useSignal<Form>({ ...formOf(act), ...before });
  const typed = useSignal(before !== undefined);
  const tried = useSignal(false);
  const scanning = useSignal(act === null && !location.search.includes("pick="));
  const leaving = useSignal(false);
  const { route, query } = useLocation();
  const { busy, failure, run } = useAttempt();
  // What was looked up is not typed: it waits for nobody to save it, and goes over nobody's changes.
  const fillIn = (parts: Partial<Form>): void => {
    form.value = changed(form.value, parts);
    if (typed.value) void keepTyped(making.act.value?.id ?? null, form.value);
  };
  const set = (parts: Partial<Form>): void => {
    typed.value = true;
    fillIn(parts);
  };
  const inside = making.scans.value.filter(({ answer }) => answer?.status !== "refused").length + (act?.units ?? 0);
  const problem = buyerProblem(form.value);
  const { met, unknown, greet } = useHandshake(set);
  useEffect(() => {
    const asked = named(query.buyer ?? "");
    if (asked) greet(asked);
  }, [query.buyer]);
  const take = taker({ making, last, onBuyer: greet });
  useHandScanner(!scanning.value, busy || leaving.value ? null : take);

  const save = async (): Promise<Act> => {
    const begun = making.act.value?.id ?? null;
    const saved = await making.save(typedOf(form.value, making.act.value));
    typed.value = false;
    await Promise.all([keepTyped(begun, null), keepTyped(saved.id, null)]);
    return saved;
  };
  /** With all that was scanned, too. */
  const stored = async (): Promise<Act> => {
    await making.push();
    if (making.failure.value) throw making.failure.value;
    return save();
  };
  const send = (): void => {
    tried.value = true;
    if (problem) return void document.querySelector<HTMLElement>("#buyer input")?.focus();
    scanning.value = false;
    void run(async () => {
      const saved = await stored();
      if (await signAndSend(saved)) route(`/acts/${saved.id}`, true);
    });
  };
  const show = (changed: Act): Promise<unknown> => {
    making.act.value = changed;
    return keepAct(changed);
  };
  // What was typed goes over what the server has when it is saved, so the file's prices count as typed.
  const fill = (changed: Act, priced: readonly string[]): Promise<unknown> => {
    const { prices } = formOf(changed);
    form.value = { ...form.value, prices: { ...form.value.prices, ...Object.fromEntries(priced.map((id) => [id, prices[id] ?? ""])) } };
    return show(changed);
  };
  const discard = (): Promise<boolean> =>
    run(async () => {
      await discardDraft(making.act.value);
      route("/acts", true);
    });

  // A colleague sent it meanwhile: what it has become is shown on its own page.
  const gone = act !== null && act.state !== "draft";
  useEffect(() => {
    if (gone) route(`/acts/${act.id}`, true);
  }, [gone]);
  if (act && waits(act.id)) return <Pending id={act.id} units={act.units} again={() => undefined} />;
  return (
    <>
      {!online.value && <OfflineNote text={t("acts.draft_offline")} />}
      {scanning.value ? (
        <DraftScan making={making} last={last.value} take={take} />
      ) : (
        <LastPutLine making={making} last={last.value} />
      )}
      {act && act.units > 0 && <Sums act={act} />}
      <div class={css.ways}>
        {!scanning.value && (
          <Button kind={inside === 0 ? "primary" : "secondary"} icon="scan" onClick={() => (scanning.value = true)}>
            {t("acts.scan")}
          </Button>
        )}
        {can("codes:see") && <FromStock making={making} />}
        <FromFile act={act} begun={save} onChange={fill} />
      </div>
      <DraftGoods making={making} />
      {making.failure.value && <Failure code={making.failure.value.code} params={making.failure.value.params} kept={t("acts.kept_scans")} onRetry={() => void making.push()} />}
      <LeftOut id={act?.id} />
      {act && <Undone act={act} />}
      <Section title={t("acts.to_whom")}>
        <Buyer form={form.value} set={set} onFound={(name) => fillIn({ name })} tried={tried.value} />
        <p role="status">{met && form.value.tax === met.tax && greeting(met)}</p>
        {unknown && <Failure code={unknown.code} params={unknown.params} />}
      </Section>
      <Details form={form.value} set={set} act={act} />
      <DraftAttachments act={act} begun={save} onChange={show} />
      {isLate(form.value, act) && <Note tone="care" title={t("acts.late")}>{t("acts.late_text")}</Note>}
      {failure && <Failure code={failure.code} params={failure.params} kept={t("acts.kept_typed")} />}
      <div class={css.beside}>
        {typed.value && (
          <Button busy={busy} onClick={() => void run(async () => void (await save()))}>
            {t("acts.save_draft")}
          </Button>
        )}
        {inside > 0 && <DraftPaper saved={stored} />}
        {inside > 0 && (
          <Button kind="plain" icon="bin" onClick={() => (leaving.value = true)}>
            {t("acts.discard")}
          </Button>
        )}
      </div>
      <div class={css.decide}>
        {scanning.value && <Button onClick={() => (scanning.value = false)}>{t("acts.stop_scanning")}</Button>}
        <Button kind="primary" icon="key" busy={busy} disabled={inside === 0} onClick={send}>
          {t("acts.sign_and_send")}
        </Button>
      </div>
      {leaving.value && (
        <Sheet
          title={t("acts.discard")}
          onClose={() => (leaving.value = false)}
          actions={<Button kind="danger" icon="bin" busy={busy} onClick={() => void discard()}>{t("acts.discard")}</Button>}
        >
          <p>{t("acts.discard_text")}</p>
        </Sheet>
      )}
    </>
  );
}

interface Handshake {
  met: Met | null;
  unknown: ApiError | null;
  greet: (buyer: Showed) => void;
}

/** The buyer's own phone says who they are, and at which place the goods shall lie. */
function useHandshake(set: (parts: Partial<Form>) => void): Handshake {
  const met = useSignal<Met | null>(null);
  const { failure, run } = useAttempt();
  const greet = (buyer: Showed): void =>
    void run(async () => {
      const found = await meet(buyer, lang.value);
      if (found.tax === me.value?.organisation.bin) throw new ApiError("acts.meeting_own", 0);
      met.value = found;
      set({ tax: found.tax, name: found.name, to: found.place?.id ?? "" });
    });
  return { met: met.value, unknown: failure, greet };
}

function greeting({ name, tax, place }: Met): string {
  const who = t("meeting.filled", { name: name || tax });
  return place ? `${who}. ${t("meeting.filled_place", { place: place.name })}` : who;
}

/** As the server will judge it (S0-27), and before anything was saved. */
function isLate({ date }: Form, act: Act | null): boolean {
  return date ? daysTo(`${date}T12:00:00+05:00`) < 0 : (act?.late ?? false);
}
