/** Receiving an act: its contents, what was scanned for it, what was said about its lines; all of it lies on the device. */

import { type ReadonlySignal, type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Act } from "../../api/acts";
import { ApiError } from "../../api/client";
import { NOTHING_SAID, type Remarks } from "../../domain/act-decision";
import { Reconciliation, type ScanResult, type Unit } from "../../domain/acts";
import { identificationCode, read } from "../../domain/gs1";
import type { ScanTone } from "../../scanner";
import { clearScans, dropScans, keepScans, keepWork, recallWork, scansOf } from "../../store/acts";
import { useAttempt } from "../../store/attempt";
import { contentsOf } from "../../store/contents";
import { templates } from "../../store/groups";
import { onReconnect } from "../../store/network";

/** The last scan, to be said in words and drawn with a sign. */
export type Heard = { code: string; result: ScanResult | { kind: "not_a_mark" } };

export interface Receiving {
  /** Null until the contents are on the device. */
  seen: Reconciliation | null;
  /** Changes with every scan: whoever draws the counts reads it. */
  version: Signal<number>;
  /** Something was scanned. Changes once and not with every scan, so that the scanner is not drawn anew each time. */
  began: ReadonlySignal<boolean>;
  /** How many units came so far, while they are loaded. */
  loaded: number;
  failure: ApiError | null;
  heard: Signal<Heard | null>;
  remarks: Signal<Remarks>;
  /** How many units are to be scanned where the rest is taken on trust; null where all are. */
  sample: Signal<number | null>;
  scan(text: string, symbology: string | null): ScanTone;
  say(remarks: Remarks): void;
  take(sample: number | null): void;
  /** Takes one scan back, such as of a thing that only lay nearby. */
  forget(code: string): Promise<void>;
  /** Takes all scans back. */
  reset(): Promise<void>;
  again(): void;
}

export function useReceiving(act: Act): Receiving {
  const seen = useSignal<Reconciliation | null>(null);
  const version = useSignal(0);
  const loaded = useSignal(0);
  const heard = useSignal<Heard | null>(null);
  const remarks = useSignal<Remarks>(NOTHING_SAID);
  const sample = useSignal<number | null>(null);
  const lost = useSignal<ApiError | null>(null);
  const { failure, run } = useAttempt();
  const written = useRef<Promise<unknown>>(Promise.resolve());
  const unwritten = useRef<string[]>([]);
  const known = useRef(new Set<string>());

  const load = (): void =>
    void run(async () => {
      if (seen.value) return;
      units.current = await contentsOf(act, (count) => (loaded.value = count));
      await start();
    });
  const units = useRef<readonly Unit[]>([]);
  const start = async (): Promise<void> => {
    const made = new Reconciliation(units.current);
    known.current.clear();
    for (const { code } of await scansOf(act.id)) {
      known.current.add(code);
      made.scan(code);
    }
    const work = await recallWork(act.id);
    remarks.value = work?.remarks ?? NOTHING_SAID;
    sample.value = work?.sample ?? null;
    seen.value = made;
    version.value += 1;
  };
  useEffect(() => {
    load();
    return onReconnect(load);
  }, []);

  const scan = (text: string, symbology: string | null): ScanTone => {
    const code = identificationCode(read(text, symbology, templates()));
    if (code === null || !seen.value) {
      heard.value = { code: text.slice(0, 40), result: { kind: "not_a_mark" } };
      return "neutral";
    }
    const result = seen.value.scan(code);
    heard.value = { code, result };
    version.value += 1;
    if (!known.current.has(code)) {
      known.current.add(code);
      unwritten.current.push(code);
      written.current = written.current.then(write);
    }
    return toneOf(result);
  };
  // One after the other, so that the order of scanning is the order on the device; what came meanwhile goes together, so
  // that the device is never further behind than one writing, however fast somebody scans.
  const write = async (): Promise<void> => {
    const codes = unwritten.current.splice(0);
    if (codes.length === 0) return;
    try {
      await keepScans(act.id, codes);
      lost.value = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      lost.value = error;
      // They go with the next scan.
      unwritten.current.unshift(...codes);
    }
  };
  const say = (next: Remarks): void => {
    remarks.value = next;
    version.value += 1;
    void keepWork({ id: act.id, remarks: next, sample: sample.value });
  };
  const take = (count: number | null): void => {
    sample.value = count;
    void keepWork({ id: act.id, remarks: remarks.value, sample: count });
  };
  const forget = async (code: string): Promise<void> => {
    await written.current;
    unwritten.current = unwritten.current.filter((one) => one !== code);
    await dropScans((await scansOf(act.id)).filter((one) => one.code === code));
    heard.value = null;
    await start();
  };
  const reset = async (): Promise<void> => {
    await written.current;
    unwritten.current = [];
    await clearScans(act.id);
    heard.value = null;
    await keepWork({ id: act.id, remarks: NOTHING_SAID });
    await start();
  };
  const began = useComputed(() => version.value > 0 && seen.value !== null && seen.value.found + seen.value.extra.length > 0);
  return { seen: seen.value, version, began, loaded: loaded.value, failure: failure ?? lost.value, heard, remarks, sample, scan, say, take, forget, reset, again: load };
}

function toneOf(result: ScanResult): ScanTone {
  if (result.kind === "found" || result.kind === "box") return "ok";
  return result.kind === "extra" && result.first ? "stop" : "duplicate";
}
