/** Photos of what is not taken: made with the camera, kept on the device, shown small, and large when touched. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { fileUrl } from "../../api/files";
import { t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { recallFile } from "../../store/files";
import { keepPhoto } from "../../store/photos";
import { IconButton } from "../../ui/button";
import { FileButton } from "../../ui/file-button";
import { Sheet } from "../../ui/sheet";
import { Failure } from "../../ui/states";
import css from "./files.module.css";

const MOST = 5;

interface TakenProps {
  ids: readonly string[];
  onChange: (ids: string[]) => void;
}

/** What was taken for one line, and the button for one more. */
export function PhotoField({ ids, onChange }: TakenProps): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const add = (files: readonly File[]): void =>
    void run(async () => {
      let known = [...ids];
      for (const file of files.slice(0, MOST - known.length)) {
        const { id } = await keepPhoto(file, file.name);
        known = [...new Set([...known, id])];
        onChange(known);
      }
    });
  return (
    <div class={css.photos} role="group" aria-label={t("files.photos")}>
      <p class={css.legend}>{t("files.photos")}</p>
      {ids.length > 0 && <Photos ids={ids} onRemove={(id) => onChange(ids.filter((one) => one !== id))} />}
      {ids.length < MOST && (
        <FileButton icon="camera" accept="image/*" camera several busy={busy} onChoose={add}>
          {t("files.take_photo")}
        </FileButton>
      )}
      <p class={css.hint} role="status">
        {ids.length > 0 ? t("files.photo_kept", { count: ids.length }) : t("files.photo_text")}
      </p>
      {failure && <Failure code={failure.code} params={failure.params} />}
    </div>
  );
}

/** Photos in a row; from the device where it has them, else from the server. */
export function Photos({ ids, onRemove }: { ids: readonly string[]; onRemove?: (id: string) => void }): JSX.Element {
  const open = useSignal<number | null>(null);
  const shown = open.value === null ? undefined : ids[open.value];
  return (
    <>
      <ul class={css.row}>
        {ids.map((id, at) => (
          <li key={id} class={css.photo}>
            <button type="button" class={css.thumb} onClick={() => (open.value = at)}>
              <Photo id={id} number={at + 1} />
            </button>
            {onRemove && (
              <span class={css.remove}>
                <IconButton name="bin" label={t("files.photo_remove", { number: at + 1 })} onClick={() => onRemove(id)} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {shown && open.value !== null && (
        <Sheet title={t("files.photo_of", { number: open.value + 1 })} onClose={() => (open.value = null)}>
          <Photo id={shown} number={open.value + 1} whole />
        </Sheet>
      )}
    </>
  );
}

function Photo({ id, number, whole }: { id: string; number: number; whole?: boolean }): JSX.Element {
  const source = useSignal<string | null>(null);
  const gone = useSignal(false);
  useEffect(() => {
    let own: string | null = null;
    let over = false;
    void recallFile(id).then((kept) => {
      if (over) return;
      own = kept ? URL.createObjectURL(new Blob([kept.bytes], { type: kept.type })) : null;
      source.value = own ?? fileUrl(id);
    });
    return () => {
      over = true;
      if (own) URL.revokeObjectURL(own);
    };
  }, [id]);
  if (gone.value) return <span class={css.gone}>{t("files.photo_not_here")}</span>;
  if (!source.value) return <span class={css.gone}>{t("files.photo_loading")}</span>;
  return <img class={whole ? css.whole : undefined} src={source.value} alt={t("files.photo_of", { number })} onError={() => (gone.value = true)} />;
}
