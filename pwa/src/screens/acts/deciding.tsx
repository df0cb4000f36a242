/** The decision in one sheet: what is taken, what is not and why, where the goods will lie; then the signature. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import type { ApiError } from "../../api/client";
import { acceptAll, acceptFound, type Decision, said } from "../../domain/act-decision";
import type { Reconciliation } from "../../domain/acts";
import { lang, t } from "../../i18n";
import { options, reached, usePlaces } from "../../store/places";
import { Button } from "../../ui/button";
import { Check, Select } from "../../ui/field";
import { Facts } from "../../ui/page";
import { Sheet } from "../../ui/sheet";
import { Failure, Note } from "../../ui/states";
import css from "./acts.module.css";
import { WhyNot } from "./line-sheet";
import type { Receiving } from "./receiving";

interface DecidingProps {
  act: Act;
  work: Receiving;
  seen: Reconciliation;
  busy: boolean;
  failure: ApiError | null;
  onDecide: (decision: Decision) => void;
  onClose: () => void;
}

export function Deciding({ act, work, seen, busy, failure, onDecide, onClose }: DecidingProps): JSX.Element {
  const { remarks, say } = work;
  const tried = useSignal(false);
  const missing = seen.expected - seen.found;
  const refusals = Object.keys(remarks.value.refused).length > 0;
  const clean = missing > 0 && seen.found > 0 && !refusals && seen.extra.length === 0;
  // Whoever set out to check a sample and found it good takes the rest unseen.
  const trusting = useSignal(clean && work.sample.value !== null && seen.found >= work.sample.value);
  const place = useSignal(act.receiver_place_id ?? "");
  const found = acceptFound(seen, remarks.value, place.value || null);
  // What was scanned is a sample when the rest is taken unseen; then nothing is refused.
  const decision = trusting.value ? acceptAll(seen.expected, seen.found, place.value || null) : found;
  const rejected = decision.rejected.length;
  const accepted = seen.expected - rejected;
  const decide = (): void => {
    tried.value = true;
    if (decision.rejected.every(said)) onDecide(decision);
  };
  return (
    <Sheet
      title={t("acts.decision")}
      onClose={onClose}
      steady
      actions={
        <Button kind={accepted === 0 ? "danger" : "primary"} icon="key" busy={busy} onClick={decide}>
          {rejected === 0 ? t("acts.accept_count", { count: accepted }) : t("acts.accept_reject", { accepted, rejected })}
        </Button>
      }
    >
      <Facts
        facts={[
          [t("acts.accepted"), t("acts.units", { count: accepted })],
          [t("acts.rejected"), t("acts.units", { count: rejected })],
          [t("acts.extra"), t("acts.units", { count: decision.extra.length })],
        ]}
      />
      {decision.extra.length > 0 && <Note tone="care">{t("acts.extra_text")}</Note>}
      {!trusting.value && missing > 0 && (
        <WhyNot legend={t("acts.why_all_missing")} why={remarks.value.missing} tried={tried.value} without={null} onChange={(next) => say({ ...remarks.value, missing: next })} />
      )}
      {!trusting.value && missing > 0 && <p class={css.quiet}>{t("acts.per_line")}</p>}
      {clean && (
        <Check label={t("acts.rest_on_trust", { count: missing })} hint={t("acts.rest_on_trust_text")} checked={trusting.value} onChange={(value) => (trusting.value = value)} />
      )}
      {accepted > 0 && <WhereTo value={place.value} onChange={(value) => (place.value = value)} />}
      {failure && <Failure code={failure.code} params={failure.params} kept={t("acts.kept_scans")} />}
    </Sheet>
  );
}

/** One's own places; nothing to choose where there is none, or no network. */
function WhereTo({ value, onChange }: { value: string; onChange: (value: string) => void }): JSX.Element | null {
  const own = reached(usePlaces());
  if (own.length === 0) return null;
  const offered = [{ value: "", text: t("acts.no_place") }, ...options(own, lang.value)];
  return <Select label={t("acts.place")} value={value} options={offered} onChange={onChange} />;
}
