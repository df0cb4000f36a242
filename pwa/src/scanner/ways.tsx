/** The three ways that need no camera, in one row under the picture and usable before the camera starts. */

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icons";
import { ManualEntry } from "./manual";
import type { RawScan } from "./scan";
import css from "./scanner.module.css";
import { handScanner, setHandScannerOnly } from "./wedge";

interface WaysProps {
  onPhotos(files: readonly File[]): void;
  onScan(scan: RawScan): void;
  /** Whether the typing sheet is open; the camera rests meanwhile. */
  typing: Signal<boolean>;
  /** The camera does not help: the photo is offered louder. */
  urgent: boolean;
}

export function Ways({ onPhotos, onScan, typing, urgent }: WaysProps): JSX.Element {
  const files = useRef<HTMLInputElement>(null);
  const { only, heard } = handScanner;

  const chosen = (input: HTMLInputElement): void => {
    if (input.files?.length) onPhotos([...input.files]);
    // The same photo chosen again must fire again.
    input.value = "";
  };

  return (
    <div class={css.ways} role="group" aria-label={t("scanner.ways")}>
      <button type="button" class={`${css.way} ${urgent ? css.urgent : ""}`} onClick={() => files.current?.click()}>
        <Icon name="photo" />
        <span>{t("scanner.photo")}</span>
      </button>
      <input ref={files} type="file" accept="image/*" multiple hidden onChange={(event) => chosen(event.currentTarget)} aria-hidden="true" tabIndex={-1} />
      <button type="button" class={css.way} aria-haspopup="dialog" onClick={() => (typing.value = true)}>
        <Icon name="keyboard" />
        <span>{t("scanner.type")}</span>
      </button>
      <button type="button" class={css.way} aria-pressed={only.value} onClick={() => setHandScannerOnly(!only.value)}>
        <Icon name="gun" />
        <span>
          {t("scanner.gun")}
          {heard.value && <span aria-label={t("scanner.gun_connected")}> ✓</span>}
        </span>
      </button>
      {typing.value && <TypingSheet onScan={onScan} onClose={() => (typing.value = false)} />}
    </div>
  );
}

function TypingSheet({ onScan, onClose }: { onScan(scan: RawScan): void; onClose(): void }): JSX.Element {
  const sheet = useRef<HTMLDialogElement>(null);
  const over = useRef(false);
  useLayoutEffect(() => {
    const dialog = sheet.current;
    dialog?.showModal();
    dialog?.querySelector("textarea")?.focus();
    return () => {
      over.current = true;
      dialog?.close();
    };
  }, []);
  // The browser tells of the closing a moment later: by then this may be opened anew, and must stay.
  const closed = (): void => {
    if (!over.current) onClose();
  };
  return (
    <dialog ref={sheet} class={css.sheet} aria-label={t("scanner.manual_title")} onClose={closed}>
      <h2 class={css.sheetTitle}>{t("scanner.manual_title")}</h2>
      <ManualEntry
        onCancel={onClose}
        onScan={(scan) => {
          onClose();
          onScan(scan);
        }}
      />
    </dialog>
  );
}
