/** Scanning into an act that is being made; the server's word on each scan follows a moment later. */

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { Put } from "../../api/acts";
import { formatNumber, t } from "../../i18n";
import { type Showed, showed } from "../../domain/meeting";
import { Scanner, type ScanTone, signalTone } from "../../scanner";
import type { Draft } from "../../store/drafts";
import css from "./acts.module.css";
import { LastScan } from "./heard";
import { short, whyNot } from "./words";

export function toneOf({ status }: Put): ScanTone {
  if (status === "added") return "ok";
  return status === "already" ? "duplicate" : "stop";
}

/** What was scanned last. `put` is null until the server has answered; null instead of a code is no mark. */
export type LastPut = { code: string; again: boolean; put: Put | null } | null | "no_mark";

/** The server's refusal, or that it was there before, comes after the beep of the scan, so it sounds again. */
export function hear(last: Signal<LastPut>, put: Put): void {
  const shown = last.value;
  const current = typeof shown === "object" && shown?.code === put.text;
  // What was added is said of the last scan alone; what was not added is said in any case.
  if (put.status !== "added") signalTone(toneOf(put));
  else if (!current) return;
  last.value = { code: put.text, again: false, put };
}

interface Taking {
  making: Draft;
  last: Signal<LastPut>;
  /** The buyer's own code came before the camera. */
  onBuyer: (buyer: Showed) => void;
}

/** @returns what takes a scan and says how it sounds. */
export function taker({ making, last, onBuyer }: Taking): (text: string, symbology: string | null) => ScanTone {
  return (text, symbology) => {
    const buyer = showed(text);
    if (buyer) {
      onBuyer(buyer);
      return "ok";
    }
    const { what, code } = making.scan(text, symbology);
    if (code === null) {
      last.value = "no_mark";
      return "neutral";
    }
    const again = what === "again";
    // What was refused is not in the act, however often it is scanned.
    const put = (again && making.scans.value.find((one) => one.code === code)?.answer) || null;
    last.value = { code, again, put };
    if (put?.status === "refused") return "stop";
    return again ? "duplicate" : "ok";
  };
}

export function LastPutLine({ making, last }: { making: Draft; last: LastPut }): JSX.Element | null {
  if (last === null) return null;
  if (last === "no_mark") return <LastScan tone="neutral" words={t("acts.heard_no_mark")} />;
  const counted = making.scans.value.filter(({ answer }) => answer?.status !== "refused").length;
  const far = t("acts.scanned_so_far", { count: formatNumber(counted) });
  const code = short(last.code);
  const { put } = last;
  if (put === null && !last.again) return <LastScan tone="ok" sign="…" words={t("acts.heard_checking", { code })} far={far} />;
  if (put?.status === "refused") return <LastScan tone="stop" words={t("acts.heard_refused", { code })} far={whyNot(put)} />;
  if (last.again || put?.status === "already") return <LastScan tone="duplicate" words={t("acts.heard_twice", { code })} far={far} />;
  return <LastScan tone="ok" words={t("acts.heard_added", { code })} far={far} />;
}

interface DraftScanProps {
  making: Draft;
  last: LastPut;
  take: (text: string, symbology: string | null) => ScanTone;
}

export function DraftScan({ making, last, take }: DraftScanProps): JSX.Element {
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
          {last !== null && <LastPutLine making={making} last={last} />}
        </Scanner>
      </div>
      <p role="status" class={css.quiet}>
        {making.waiting.value > 0 ? t("acts.checking_scans", { count: formatNumber(making.waiting.value) }) : t("acts.heard_ready")}
      </p>
    </>
  );
}
