/** What is scanned for a box: on the device first, then judged by the server, one by one. */

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError } from "../../api/client";
import { checkFits, type Fit } from "../../api/stock";
import { ssccOf } from "../../domain/acts";
import { identificationCode, read } from "../../domain/gs1";
import { t } from "../../i18n";
import type { ScanTone } from "../../scanner";
import { signalTone } from "../../scanner";
import { templates } from "../../store/groups";
import { onReconnect } from "../../store/network";
import { keepPacking, packingScans } from "../../store/stock";

const BATCH = 200;

export interface Packing {
  codes: Signal<readonly string[]>;
  /** What the server said of each. */
  fits: Signal<ReadonlyMap<string, Fit>>;
  /** SSCC of the new box, 18 digits. */
  label: Signal<string>;
  /** The last scan in words. */
  said: Signal<string>;
  failure: ApiError | null;
  scan: (text: string, symbology: string | null) => ScanTone;
  remove: (code: string) => Promise<void>;
  clear: () => Promise<void>;
  check: () => Promise<void>;
}

export function usePacking(): Packing {
  const codes = useSignal<readonly string[]>([]);
  const fits = useSignal<ReadonlyMap<string, Fit>>(new Map());
  const label = useSignal("");
  const said = useSignal("");
  const failure = useSignal<ApiError | null>(null);

  const keep = async (next: readonly string[]): Promise<void> => {
    try {
      await keepPacking(next);
      codes.value = next;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  };
  const check = async (): Promise<void> => {
    try {
      failure.value = null;
      for (;;) {
        const open = codes.peek().filter((code) => !fits.peek().has(code));
        if (open.length === 0) break;
        const { results } = await checkFits(open.slice(0, BATCH));
        take(results);
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  };
  /** A box that nobody knows is the label of the one being packed. */
  const take = (results: readonly Fit[]): void => {
    const known = new Map(fits.peek());
    for (const fit of results) {
      const box = ssccOf(fit.text);
      if (box && fit.reason === "unknown" && !label.peek()) {
        label.value = box;
        void keep(codes.peek().filter((code) => code !== fit.text));
      } else if (fit.reason) signalTone("stop");
      known.set(fit.text, fit);
    }
    fits.value = known;
  };
  const scan = (text: string, symbology: string | null): ScanTone => {
    const code = identificationCode(read(text, symbology, templates()));
    said.value = code === null ? t("stock.scan_not_a_mark") : "";
    if (code === null) return "neutral";
    if (codes.peek().includes(code) || ssccOf(code) === label.peek()) return "duplicate";
    void keep([...codes.peek(), code]).then(check);
    return "ok";
  };
  useEffect(() => {
    void packingScans().then((kept) => {
      codes.value = [...new Set([...kept, ...codes.peek()])];
      return check();
    });
    return onReconnect(() => void check());
  }, []);
  return {
    codes, fits, label, said, failure: failure.value, scan, check,
    remove: (code) => keep(codes.peek().filter((one) => one !== code)),
    clear: () => keep([]),
  };
}
