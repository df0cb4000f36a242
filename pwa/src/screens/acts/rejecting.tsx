/** Nothing is taken: with which reason, and the signature. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ApiError } from "../../api/client";
import { type Decision, rejectAll, said, type Why } from "../../domain/act-decision";
import type { Reconciliation } from "../../domain/acts";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/sheet";
import { Failure, Note } from "../../ui/states";
import { WhyNot } from "./line-sheet";

interface RejectingProps {
  seen: Reconciliation | null;
  busy: boolean;
  failure: ApiError | null;
  onDecide: (decision: Decision) => void;
  onClose: () => void;
}

export function Rejecting({ seen, busy, failure, onDecide, onClose }: RejectingProps): JSX.Element {
  const why = useSignal<Why>({ reason: "not_ordered", words: "" });
  const tried = useSignal(false);
  const decide = (): void => {
    tried.value = true;
    if (said(why.value)) onDecide(rejectAll(seen, why.value));
  };
  return (
    <Sheet
      title={t("acts.reject_all")}
      onClose={onClose}
      actions={
        <Button kind="danger" icon="key" busy={busy} onClick={decide}>
          {t("acts.reject_sign")}
        </Button>
      }
    >
      <Note>{t("acts.reject_text")}</Note>
      <WhyNot legend={t("acts.why_refuse")} why={why.value} tried={tried.value} without={null} onChange={(next) => (why.value = next)} />
      {failure && <Failure code={failure.code} params={failure.params} kept={t("acts.kept_scans")} />}
    </Sheet>
  );
}
