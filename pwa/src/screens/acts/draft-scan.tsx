/** Scanning into an act that is being made; the server's word on each scan follows a moment later. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Put } from "../../api/acts";
import { formatNumber, t } from "../../i18n";
import { type Showed, showed } from "../../domain/meeting";
import { Scanner, type ScanTone } from "../../scanner";
import type { Draft } from "../../store/drafts";
import { Button } from "../../ui/button";
import css from "./acts.module.css";

export function toneOf({ status }: Put): ScanTone {
  if (status === "added") return "ok";
  return status === "already" ? "duplicate" : "stop";
}

interface DraftScanProps {
  making: Draft;
  /** The buyer's own code came before the camera. */
  onBuyer: (buyer: Showed) => void;
  onStop: () => void;
}

export function DraftScan({ making, onBuyer, onStop }: DraftScanProps): JSX.Element {
  const said = useSignal("");
  const take = (text: string, symbology: string | null): ScanTone => {
    const buyer = showed(text);
    if (buyer) {
      onBuyer(buyer);
      return "ok";
    }
    const result = making.scan(text, symbology);
    said.value = result === "not_a_mark" ? t("acts.heard_no_mark") : result === "again" ? t("acts.heard_twice") : "";
    if (result === "not_a_mark") return "neutral";
    return result === "again" ? "duplicate" : "ok";
  };
  return (
    <>
      <div class={css.stage}>
        <Scanner
          mode="bulk"
          active
          hint={making.scans.value.length === 0 ? t("acts.scan_hint") : t("meeting.scan_buyer")}
          onScan={({ text, symbology, located }) => (located ? undefined : take(text, symbology))}
          onRepeat={({ text, symbology }) => void take(text, symbology)}
        >
          {making.scans.value.length > 0 && (
            <span class={css.where}>→ {t("acts.scanned_so_far", { count: making.scans.value.length })}</span>
          )}
        </Scanner>
      </div>
      <p role="status" class={css.quiet}>
        {said.value || (making.waiting.value > 0 ? t("acts.checking_scans", { count: formatNumber(making.waiting.value) }) : t("acts.heard_ready"))}
      </p>
      <Button onClick={onStop}>{t("acts.stop_scanning")}</Button>
    </>
  );
}
