/** What participants may do with a scan besides checking it; consumers load nothing of it. */

import { signal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Check } from "../../store/history";
import { can } from "../../store/session";

/** An identification code or an SSCC: what may stand in an act. */
const GOODS = /^(00[0-9]{18}$|01[0-9]{14}21|[A-Z]{2}-[A-Z0-9]{6}-)/;

const begin = signal<ComponentType<{ codes: readonly string[] }> | null>(null);

export function AtWork({ checks }: { checks: readonly Check[] }): JSX.Element | null {
  const codes = [...new Set(checks.map(({ code }) => code))].filter((code) => GOODS.test(code));
  const may = can("acts:sign") && codes.length > 0;
  useEffect(() => {
    if (!may || begin.value) return;
    // Without network it may not be on the device yet; the verdict stands by itself.
    void import("../../cabinet").then((cabinet) => cabinet.beginAct()).then((loaded) => (begin.value = loaded.default), () => undefined);
  }, [may]);
  const Begin = begin.value;
  return may && Begin ? <Begin key={codes.join(" ")} codes={codes} /> : null;
}
