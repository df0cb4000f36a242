/** Where the sheet appears. Empty until somebody must sign; only then are the sheet and its words loaded. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadParticipantWords, t } from "../i18n";
import { Button } from "../ui/button";
import { Sheet as Frame } from "../ui/sheet";
import { type Asked, asked } from "./asked";

type Sheet = ComponentType<{ asked: Asked }>;

async function load(): Promise<Sheet> {
  const [{ Sheet }] = await Promise.all([import("./sheet"), loadParticipantWords()]);
  return Sheet;
}

export function SignHost(): JSX.Element | null {
  const [sheet, setSheet] = useState<{ Sheet: Sheet } | null>(null);
  const [missing, setMissing] = useState(false);
  const wanted = asked.value;
  useEffect(() => {
    if (!wanted || sheet || missing) return;
    let stale = false;
    load().then(
      (Sheet) => !stale && setSheet({ Sheet }),
      () => !stale && setMissing(true),
    );
    return () => {
      stale = true;
    };
  }, [wanted, sheet, missing]);
  if (!wanted) return null;
  if (sheet) return <sheet.Sheet key={wanted} asked={wanted} />;
  if (!missing) return null;
  const retry = (): void => setMissing(false);
  return (
    <Frame title={wanted.request.title} onClose={() => wanted.answer(null)}>
      <p role="alert">{t("app.failed_chunk")}</p>
      <Button kind="primary" icon="renew" onClick={retry}>
        {t("app.retry")}
      </Button>
    </Frame>
  );
}
