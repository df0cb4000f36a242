/** What was scanned for an act and came into no decision: it stays until the person saves it, uses it or throws it away. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Act } from "../../api/acts";
import { t } from "../../i18n";
import { actsVersion, clearScans, type KeptScan, receives, scansOf } from "../../store/acts";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/sheet";
import { Note } from "../../ui/states";
import css from "./acts.module.css";
import { waits } from "./pending";
import type { Receiving } from "./receiving";
import { AWAITED } from "./words";

/** Shown once the act is over for its receiver: cancelled, expired, or decided from another device. */
export function Scanned({ act }: { act: Act }): JSX.Element | null {
  const kept = useScans(act.id);
  const sure = useSignal(false);
  if (kept.scans.length === 0 || !receives(act) || AWAITED.includes(act.state) || act.state === "deciding" || waits(act.id)) return null;
  const discard = async (): Promise<void> => {
    await clearScans(act.id);
    sure.value = false;
    kept.again();
  };
  return (
    <Note tone="care" title={t("acts.scans_left", { count: kept.scans.length })}>
      <p>{t("acts.scans_left_text")}</p>
      <div class={css.verbs}>
        <Button icon="document" onClick={() => save(act, kept.scans)}>
          {t("acts.scans_save")}
        </Button>
        <Button icon="bin" onClick={() => (sure.value = true)}>
          {t("acts.scans_discard")}
        </Button>
      </div>
      {sure.value && (
        <Sheet
          title={t("acts.scans_left", { count: kept.scans.length })}
          onClose={() => (sure.value = false)}
          actions={
            <Button kind="danger" icon="bin" onClick={() => void discard()}>
              {t("acts.scans_discard")}
            </Button>
          }
        >
          <p>{t("acts.scans_discard_text")}</p>
        </Sheet>
      )}
    </Note>
  );
}

/** The sender cancelled and sent again: what was scanned for the first act need not be scanned twice. */
export function Earlier({ act, work }: { act: Act; work: Receiving }): JSX.Element | null {
  const from = act.resent_from ?? "";
  const kept = useScans(from);
  if (!work.seen || kept.scans.length === 0) return null;
  const take = async (): Promise<void> => {
    for (const { code } of kept.scans) work.scan(code, null);
    await clearScans(from);
    kept.again();
  };
  return (
    <Note title={t("acts.scans_earlier", { count: kept.scans.length })}>
      <Button icon="renew" onClick={() => void take()}>
        {t("acts.scans_take")}
      </Button>
    </Note>
  );
}

function useScans(id: string): { scans: readonly KeptScan[]; again: () => void } {
  const scans = useSignal<readonly KeptScan[]>([]);
  const again = (): void => void scansOf(id).then((found) => (scans.value = found));
  useEffect(again, [id, actsVersion.value]);
  return { scans: scans.value, again };
}

/** One code a line, which a packing list is read from too. */
function save(act: Act, scans: readonly KeptScan[]): void {
  const url = URL.createObjectURL(new Blob([`${scans.map(({ code }) => code).join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${t("acts.scans_file", { number: act.number })}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
