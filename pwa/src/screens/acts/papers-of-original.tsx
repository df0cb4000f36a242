/** Papers of the act that is given back: its sender's word, which whoever returns may put beside the return by a tap. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { act as readAct, type Act } from "../../api/acts";
import type { Attachment } from "../../api/files";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import css from "./files.module.css";

interface PapersProps {
  act: Act;
  busy: boolean;
  onChoose: (paper: Attachment) => void;
}

export function PapersOfOriginal({ act, busy, onChoose }: PapersProps): JSX.Element | null {
  const papers = useSignal<readonly Attachment[]>([]);
  const { original_id: original } = act;
  useEffect(() => {
    papers.value = [];
    // An offer and no more: where the act cannot be read, its papers are not offered.
    if (original) readAct(original).then((found) => (papers.value = found.attachments), () => undefined);
  }, [original]);
  const there = new Set(act.attachments.map(({ sha256 }) => sha256));
  const offered = papers.value.filter(({ sha256 }) => !there.has(sha256));
  if (offered.length === 0) return null;
  return (
    <div class={css.photos}>
      <p class={css.hint}>{t("files.of_original")}</p>
      {offered.map((paper) => (
        <Button key={paper.sha256} icon="document" busy={busy} onClick={() => onChoose(paper)}>
          {t("files.attach_this", { name: paper.name })}
        </Button>
      ))}
    </div>
  );
}
