/** The device's own judgement, in the shape of the server's answer; loaded only when the server does not answer. */

import type { Answer } from "../api/verification";
import { identificationCode, read } from "../domain/gs1";
import { judgeOffline } from "../domain/offline";
import { templates } from "./groups";
import { beginning } from "./history";
import { trustList, usable, withdrawnFilter } from "./trust";

export async function judge(text: string, symbology: string | null, now = new Date()): Promise<Answer> {
  const scan = read(text, symbology, templates());
  const list = await trustList();
  const trusted = list && usable(list, now.getTime()) ? list : null;
  const verdict = await judgeOffline(scan, trusted, withdrawnFilter, now);
  return {
    outcome: verdict.outcome,
    look: verdict.look,
    parsed: {
      kind: scan.kind,
      gtin: scan.gtin,
      serial: scan.serial ?? scan.fur,
      key_id: scan.keyId,
      sscc: scan.sscc,
      ais: Object.fromEntries(Object.entries(scan.ais).filter(([ai]) => ai !== "92")),
    },
    product: null,
    checked_at: now.toISOString(),
    advice: scan.kind === "gtin" ? "advice.barcode" : `advice.${verdict.outcome}`,
    group: verdict.group,
    repairs: [...scan.repairs],
    problem: scan.problem,
    foreign: verdict.foreign,
    event: null,
    package: null,
    seller: null,
    checks: null,
    seal: verdict.seal,
    as_of: verdict.asOf,
  };
}

/** What may be kept and shown of a scan: its identification code, never the tail; else the beginning of its text. */
export function shownCode(text: string, symbology: string | null): string {
  return identificationCode(read(text, symbology, templates())) ?? beginning(text);
}
