/** The agreement or the contract, to be read before it is signed. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { readText, type Text } from "../../api/registration";
import { lang, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/sheet";
import { Failure, Loading, Note } from "../../ui/states";
import { type Block, blocks } from "./markdown";
import css from "./register.module.css";

export type TextName = "agreement" | "contract";

interface TextSheetProps {
  name: TextName;
  version: string;
  title: string;
  onClose: () => void;
}

export function TextSheet({ name, version, title, onClose }: TextSheetProps): JSX.Element {
  const text = useSignal<Text | null>(null);
  const { failure, run } = useAttempt();
  const read = (): void => void run(async () => void (text.value = await readText(name, version)));
  useEffect(read, []);
  return (
    <Sheet title={title} onClose={onClose} actions={<Button onClick={onClose}>{t("registration.text_close")}</Button>}>
      {failure && <Failure code={failure.code} onRetry={read} />}
      {!text.value && !failure && <Loading rows={5} />}
      {text.value && lang.value === "en" && <Note>{t("registration.text_translation")}</Note>}
      {text.value && (
        // Focusable, so that the keyboard scrolls it too.
        <section class={css.prose} aria-label={title} tabIndex={0}>
          {withoutTitle(blocks(text.value.texts[lang.value])).map(block)}
        </section>
      )}
    </Sheet>
  );
}

/** The sheet has the title already. */
function withoutTitle(all: Block[]): Block[] {
  return all[0]?.kind === "heading" ? all.slice(1) : all;
}

function block({ kind, number, runs }: Block, place: number): JSX.Element {
  const inside = runs.map((run, at) => (at % 2 === 1 ? <strong key={at}>{run}</strong> : run));
  // The sheet's own heading is the one above them all.
  if (kind === "heading" || kind === "subheading") return <h3 key={place}>{inside}</h3>;
  return (
    <p key={place} class={kind === "point" ? css.point : undefined}>
      {kind === "point" && <span>{number || "–"} </span>}
      {inside}
    </p>
  );
}
