/** Where the sheet appears. Empty until somebody must sign; only then are the sheet and its words loaded. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadParticipantWords } from "../i18n";
import { type Asked, asked } from "./asked";

type Sheet = ComponentType<{ asked: Asked }>;

async function load(): Promise<Sheet> {
  const [{ Sheet }] = await Promise.all([import("./sheet"), loadParticipantWords()]);
  return Sheet;
}

export function SignHost(): JSX.Element | null {
  const [sheet, setSheet] = useState<{ Sheet: Sheet } | null>(null);
  const wanted = asked.value;
  useEffect(() => {
    if (!wanted || sheet) return;
    let stale = false;
    load().then(
      (Sheet) => !stale && setSheet({ Sheet }),
      () => wanted.answer(null),
    );
    return () => {
      stale = true;
    };
  }, [wanted, sheet]);
  if (!wanted || !sheet) return null;
  return <sheet.Sheet key={wanted} asked={wanted} />;
}
