/** A modal sheet: from the bottom edge on phones, in the middle on wider screens. The browser keeps focus and Esc. */

import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { IconButton } from "./button";
import css from "./sheet.module.css";

interface SheetProps {
  title: string;
  /** Asked for by the cross, by Esc and by a tap beside the sheet. */
  onClose: () => void;
  /** Something is going on inside that a stray tap must not end. */
  steady?: boolean;
  /** Stands under the content and never scrolls away. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

export function Sheet({ title, onClose, steady, actions, children }: SheetProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before anything is drawn: whoever taps at once must meet the sheet, and not what lies under it.
  useLayoutEffect(() => {
    const opened = dialog.current;
    const before = document.activeElement;
    opened?.showModal();
    return () => {
      opened?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={css.sheet}
      aria-labelledby={id}
      onCancel={(event) => {
        // A file chooser inside tells of being closed by an event of the same name, which comes up to here.
        if (event.target !== dialog.current) return;
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (!steady && event.target === dialog.current) onClose();
      }}
    >
      <div class={css.inside}>
        <header class={css.head}>
          <h2 id={id}>{title}</h2>
          <IconButton name="close" label={t("app.dismiss")} onClick={onClose} />
        </header>
        <div class={css.body}>{children}</div>
        {actions && <footer class={css.actions}>{actions}</footer>}
      </div>
    </dialog>
  );
}
