/** What a screen reader says when a verdict comes: word, product, what to do. And the sound of the look. */

import { useEffect, useState } from "preact/hooks";
import { signalTone } from "../../scanner";
import { showing } from "../../store/checking";
import type { Look } from "../../domain/verdict";
import { t } from "../../i18n";
import { productName, say } from "../../verdict/words";
import { views } from "./views-loader";

const TONES = { ok: "ok", stop: "stop", care: "stop", unknown: "neutral" } as const satisfies Record<Look, string>;

/** @param opened of several verdicts the one that was opened. */
export function useSpoken(opened: string | null): string {
  const [words, setWords] = useState("");
  const shown = showing.value;
  const one = shown.length === 1 ? shown[0] : shown.find(({ id }) => id === opened);
  const worded = views.value !== null;
  const ready = (worded && one?.check) || null;
  const all = worded && shown.length > 1 && shown.every(({ check }) => check);

  useEffect(() => {
    if (ready) {
      const said = say(ready, Date.now());
      setWords([said.word, said.outcome, productName(ready), said.advice].filter(Boolean).join(". "));
      signalTone(TONES[said.look]);
    } else if (all) {
      setWords(t("verdict.list_title", { count: shown.length }));
    } else {
      setWords(shown.length > 0 ? t("app.checking") : "");
    }
  }, [ready, all, shown.length]);

  return words;
}
