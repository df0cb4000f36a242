/** A signed file that somebody holds: chosen or dropped, sent to be judged, and what was found. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Checked } from "../../api/authenticity";
import { t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icons";
import { Failure, Loading, Note, OfflineNote } from "../../ui/states";
import css from "./authenticity.module.css";
import { judge, NotTwoFiles } from "./files";
import { Found } from "./found";

export function SignedFile(): JSX.Element {
  const id = useId();
  const found = useSignal<Checked | null>(null);
  const names = useSignal<readonly string[]>([]);
  const wrong = useSignal(false);
  const over = useSignal(false);
  const { busy, failure, run } = useAttempt();
  const check = (files: readonly File[]): void => {
    if (files.length === 0) return;
    names.value = files.map((file) => file.name);
    found.value = null;
    wrong.value = false;
    void run(async () => {
      try {
        found.value = await judge(files);
      } catch (error) {
        if (!(error instanceof NotTwoFiles)) throw error;
        wrong.value = true;
      }
    });
  };
  const taken = (event: DragEvent): void => {
    event.preventDefault();
    over.value = false;
    check([...(event.dataTransfer?.files ?? [])]);
  };
  if (found.value && !busy) {
    return (
      <>
        <Found found={found.value} names={names.value} />
        <Button icon="renew" onClick={() => (found.value = null)}>
          {t("paper.another")}
        </Button>
      </>
    );
  }
  return (
    <>
      {!online.value && <OfflineNote text={t("paper.needs_network")} />}
      <div
        class={css.drop}
        data-over={over.value}
        onDragOver={(event) => {
          event.preventDefault();
          over.value = true;
        }}
        onDragLeave={() => (over.value = false)}
        onDrop={taken}
      >
        <input
          id={id}
          class="visually-hidden"
          type="file"
          multiple
          disabled={busy}
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            const input = event.currentTarget;
            check([...(input.files ?? [])]);
            input.value = "";
          }}
        />
        <label for={id} class={css.choose}>
          <Icon name="share" size={22} />
          {t("paper.choose")}
        </label>
        <p class={css.mouse}>{t("paper.drop")}</p>
        <p id={`${id}-hint`} class={css.quiet}>
          {t("paper.accepted_files")} {t("paper.not_kept")} {t("paper.files_here")}
        </p>
      </div>
      {busy && (
        <>
          <p role="status">{t("paper.checking")}</p>
          <Loading rows={2} />
        </>
      )}
      {wrong.value && <Note tone="care">{t("paper.two_files")}</Note>}
      {failure && <Failure code={failure.code} params={failure.params} />}
    </>
  );
}
