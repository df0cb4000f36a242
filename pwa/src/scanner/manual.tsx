/** Typing a code, with a word about what is still missing or wrong while it is typed. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icons";
import css from "./manual.module.css";
import type { RawScan } from "./scan";
import { type TypingHint, typingHint } from "./typing";

export interface ManualEntryProps {
  onScan(scan: RawScan): unknown;
  onCancel?: () => void;
}

export function ManualEntry({ onScan, onCancel }: ManualEntryProps): JSX.Element {
  const text = useSignal("");
  const id = useId();
  const hint = typingHint(text.value);
  const canPaste = typeof navigator.clipboard?.readText === "function";

  const submit = (event: Event): void => {
    event.preventDefault();
    const typed = text.value.trim();
    if (typed) onScan({ text: typed, symbology: null, source: "manual", format: "" });
  };
  const paste = async (): Promise<void> => {
    try {
      text.value = (await navigator.clipboard.readText()).trim();
    } catch {
      // The browser asked and the person said no; the field still takes a paste by hand.
    }
  };

  return (
    <form class={css.form} onSubmit={submit}>
      <label class={css.label} for={`${id}-code`}>
        {t("scanner.manual_label")}
      </label>
      <div class={css.row}>
        <textarea
          id={`${id}-code`}
          class={css.field}
          rows={3}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") submit(event);
          }}
          aria-describedby={`${id}-hint`}
          autocapitalize="none"
          autocomplete="off"
          autocorrect="off"
          spellcheck={false}
          enterkeyhint="go"
          placeholder="01 04870001234560 21 …"
        />
        {canPaste && (
          <button type="button" class={css.paste} onClick={() => void paste()} aria-label={t("scanner.paste")} title={t("scanner.paste")}>
            <Icon name="paste" />
          </button>
        )}
      </div>
      <p id={`${id}-hint`} class={`${css.hint} ${css[hint.tone] ?? ""}`} aria-live="polite" data-hint={hint.key}>
        <span aria-hidden="true">{GLYPHS[hint.tone]}</span> {t(hint.key, hint.params)}
      </p>
      <div class={css.actions}>
        {onCancel && (
          <button type="button" class={css.secondary} onClick={onCancel}>
            {t("scanner.cancel")}
          </button>
        )}
        <button type="submit" class={css.primary} disabled={text.value.trim() === ""}>
          {t("scanner.check")}
        </button>
      </div>
    </form>
  );
}

const GLYPHS: Record<TypingHint["tone"], string> = { calm: "·", good: "✓", wrong: "!" };
