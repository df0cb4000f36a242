/** Filling a draft from the supplier's file: choose or drop it, see what came in, and what did not and why. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import type { Act } from "../../api/acts";
import { act as fetchAct } from "../../api/acts";
import { type PackingList, readPackingList, type RefusedLine } from "../../api/files";
import { formatNumber, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { FileButton } from "../../ui/file-button";
import { Sheet } from "../../ui/sheet";
import { Failure, Note } from "../../ui/states";
import css from "./acts.module.css";
import own from "./files.module.css";
import { save, whyLeftOut } from "./import-table";

const ACCEPTED = ".xlsx,.csv,.txt,.tsv,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const STEP = 50;

interface FromFileProps {
  act: Act | null;
  /** Makes the act on the server, with what was typed. */
  begun: () => Promise<Act>;
  /** The act as it is now, and the goods whose prices the file said: GTINs. */
  onChange: (act: Act, priced: readonly string[]) => Promise<unknown>;
}

export function FromFile(props: FromFileProps): JSX.Element {
  const open = useSignal(false);
  return (
    <>
      <Button icon="table" onClick={() => (open.value = true)}>
        {t("import.title")}
      </Button>
      {open.value && <Import {...props} onClose={() => (open.value = false)} />}
    </>
  );
}

interface Done {
  name: string;
  list: PackingList;
}

function Import({ act, begun, onChange, onClose }: FromFileProps & { onClose: () => void }): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const done = useSignal<Done | null>(null);
  const read = (file: File | undefined): void => {
    if (!file || busy) return;
    void run(async () => {
      const { id } = act ?? (await begun());
      const list = await readPackingList(id, file);
      done.value = { name: file.name, list };
      await onChange(await fetchAct(id), Object.keys(list.prices));
    });
  };
  return (
    <Sheet title={t("import.title")} onClose={onClose} steady={busy} actions={done.value && <Button kind="primary" icon="done" onClick={onClose}>{t("import.close")}</Button>}>
      {!done.value && <p>{t("import.text")}</p>}
      {done.value && !busy && !failure && <Outcome done={done.value} />}
      {failure && <Failure code={failure.code} params={failure.params} />}
      {busy ? <Reading /> : <Chooser again={done.value !== null} onChoose={read} />}
    </Sheet>
  );
}

function Reading(): JSX.Element {
  return (
    <div class={css.form} role="status">
      <progress class={css.bar} aria-label={t("import.title")} />
      <p>{t("import.reading")}</p>
    </div>
  );
}

function Chooser({ again, onChoose }: { again: boolean; onChoose: (file: File | undefined) => void }): JSX.Element {
  const over = useSignal(false);
  if (!online.value) return <Note tone="care">{t("import.offline")}</Note>;
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    over.value = false;
    onChoose(event.dataTransfer?.files[0]);
  };
  return (
    <div
      class={own.drop}
      data-over={over.value}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={drop}
    >
      <FileButton icon="table" accept={ACCEPTED} kind={again ? "secondary" : "primary"} onChoose={([file]) => onChoose(file)}>
        {t(again ? "import.another" : "import.choose")}
      </FileButton>
      <p class={own.hint}>{t("import.drop")}</p>
    </div>
  );
}

function Outcome({ done: { name, list } }: { done: Done }): JSX.Element {
  const most = useSignal(STEP);
  const counts = [
    ["added", list.added],
    ["already", list.already],
    ["refused", list.refused],
  ] as const;
  return (
    <>
      <p role="status">{t("import.done", { name, rows: formatNumber(list.rows) })}</p>
      <div class={own.counts}>
        {counts.map(([kind, count]) => (
          <div key={kind} class={own.count} data-kind={count > 0 ? kind : undefined}>
            <strong>{formatNumber(count)}</strong>
            <span>{t(`import.${kind}`)}</span>
          </div>
        ))}
      </div>
      <Prices list={list} />
      {list.lines.length > 0 && (
        <>
          <Button icon="document" onClick={() => save(name, list.lines)}>
            {t("import.download")}
          </Button>
          <ul class={css.lines}>
            {list.lines.slice(0, most.value).map((line, at) => (
              <Refused key={at} line={line} sheets={new Set(list.lines.map(({ sheet }) => sheet)).size > 1} />
            ))}
          </ul>
          {list.lines.length > most.value && (
            <Button wide onClick={() => (most.value += STEP)}>
              {t("app.more")}
            </Button>
          )}
          {list.unlisted > 0 && <Note tone="care">{t("import.unlisted", { count: formatNumber(list.unlisted) })}</Note>}
        </>
      )}
      <Runs title={t("import.added")} runs={list.added_rows} />
      <Runs title={t("import.already")} runs={list.already_rows} />
      <Runs title={t("import.passed")} runs={list.passed} />
    </>
  );
}

function Refused({ line, sheets }: { line: RefusedLine; sheets: boolean }): JSX.Element {
  const place = { row: formatNumber(line.row), column: line.column, sheet: line.sheet };
  return (
    <li class={css.line} data-kind="refused">
      <span class={css.sign} aria-hidden="true">
        ✕
      </span>
      <span class={css.lineWords}>
        <span>{line.text}</span>
        <span class={css.quiet}>{t(sheets ? "import.row_sheet" : "import.row", place)}</span>
        <span>{whyLeftOut(line)}</span>
      </span>
    </li>
  );
}

function Prices({ list }: { list: PackingList }): JSX.Element | null {
  const taken = Object.keys(list.prices).length;
  const notes: ComponentChildren[] = [
    taken > 0 && t("import.prices", { count: taken }),
    list.price_conflicts.length > 0 && t("import.price_conflict", { gtins: list.price_conflicts.join(", ") }),
    list.prices_unread > 0 && t("import.price_unread", { count: formatNumber(list.prices_unread) }),
  ].filter(Boolean);
  if (notes.length === 0) return null;
  return (
    <Note tone={list.price_conflicts.length + list.prices_unread > 0 ? "care" : "quiet"}>
      {notes.map((note, at) => (
        <p key={at}>{note}</p>
      ))}
    </Note>
  );
}

/** Rows of the file as runs: 2–1 201, 1 203. */
function Runs({ title, runs }: { title: string; runs: PackingList["passed"] }): JSX.Element | null {
  if (runs.length === 0) return null;
  const shown = runs.slice(0, 200).map(({ first, last }) => (first === last ? formatNumber(first) : `${formatNumber(first)}–${formatNumber(last)}`));
  return (
    <details class={css.more}>
      <summary>{title}</summary>
      <p>
        {t("import.rows", { rows: shown.join(", ") })}
        {runs.length > shown.length && ` ${t("acts.and_more", { count: formatNumber(runs.length - shown.length) })}`}
      </p>
    </details>
  );
}
