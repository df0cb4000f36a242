/** Papers beside an act: put there while it is a draft, signed with it, read by both sides. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import { attach, type Attachment, bringFile, detach, fileUrl } from "../../api/files";
import { formatNumber, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { shrink } from "../../store/photos";
import { IconButton } from "../../ui/button";
import { FileButton } from "../../ui/file-button";
import { Icon } from "../../ui/icons";
import { Section } from "../../ui/page";
import { Failure, Note } from "../../ui/states";
import bar from "./acts.module.css";
import css from "./files.module.css";
import { PapersOfOriginal } from "./papers-of-original";

/** A photo of a paper is read, not only looked at. */
const LEGIBLE = 2400;
const ACCEPTED = "image/*,.pdf,.xlsx,.csv,application/pdf,text/csv";
const MEGABYTE = 1024 * 1024;

interface DraftProps {
  act: Act | null;
  /** Makes the act on the server, with what was typed. */
  begun: () => Promise<Act>;
  onChange: (act: Act) => Promise<unknown>;
}

export function DraftAttachments({ act, begun, onChange }: DraftProps): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const going = useSignal<Going | null>(null);
  const add = (files: readonly File[]): void =>
    void run(async () => {
      const { id } = act ?? (await begun());
      for (const file of files) {
        const { bytes, name } = await prepared(file);
        const told = bytes.size < MEGABYTE ? undefined : (share: number): void => void (going.value = { name, share });
        await onChange(await attach(id, (await bringFile(bytes, told)).id, name));
        going.value = null;
      }
    }).finally(() => (going.value = null));
  const addKnown = ({ sha256, name }: Attachment): void => void (act && run(async () => void (await onChange(await attach(act.id, sha256, name)))));
  const remove = (file: string): void => void (act && run(async () => void (await onChange(await detach(act.id, file)))));
  return (
    <Section title={t("files.attachments")}>
      {act && act.attachments.length > 0 && <List found={act.attachments} onRemove={remove} />}
      {online.value ? (
        <FileButton icon="document" accept={ACCEPTED} several busy={busy} onChoose={add}>
          {t("files.attach")}
        </FileButton>
      ) : (
        <Note tone="care">{t("files.attach_offline")}</Note>
      )}
      {act?.kind === "return" && online.value && <PapersOfOriginal act={act} busy={busy} onChoose={addKnown} />}
      {going.value && <Sending going={going.value} />}
      <p class={css.hint}>{t("files.attach_text")}</p>
      {failure && <Failure code={failure.code} params={failure.params} />}
    </Section>
  );
}

/** A large file on its way; `share` from 0 to 1. */
interface Going {
  name: string;
  share: number;
}

function Sending({ going: { name, share } }: { going: Going }): JSX.Element {
  return (
    <div>
      <progress class={bar.bar} value={share} aria-label={t("files.attaching", { name })} />
      <p class={css.hint}>{t("files.attached_share", { name, share: Math.floor(share * 100) })}</p>
    </div>
  );
}

export function Attachments({ act }: { act: Act }): JSX.Element | null {
  if (act.attachments.length === 0) return null;
  return (
    <Section title={t("files.attachments")}>
      <List found={act.attachments} />
    </Section>
  );
}

function List({ found, onRemove }: { found: readonly Attachment[]; onRemove?: (file: string) => void }): JSX.Element {
  return (
    <ul class={css.photos}>
      {found.map(({ name, sha256, size }) => (
        <li key={sha256} class={css.file}>
          <Icon name="document" />
          <a href={fileUrl(sha256)} download={name} aria-label={t("files.open", { name })}>
            <span>{name}</span>
            <span class={css.hint}>{sized(size)}</span>
          </a>
          {onRemove && <IconButton name="bin" label={t("files.detach", { name })} onClick={() => onRemove(sha256)} />}
        </li>
      ))}
    </ul>
  );
}

/** Pictures go without what the camera wrote beside them; everything else goes as it is. */
async function prepared(file: File): Promise<{ bytes: Blob; name: string }> {
  const picture = file.type.startsWith("image/") || /\.(jpe?g|png|webp|hei[cf])$/i.test(file.name);
  const small = picture ? await shrink(file, LEGIBLE) : null;
  return { bytes: small ?? file, name: file.name };
}

function sized(bytes: number): string {
  if (bytes < MEGABYTE) return t("files.size", { size: formatNumber(Math.max(1, Math.round(bytes / 1024))) });
  return t("files.size_large", { size: formatNumber(Math.round((bytes / MEGABYTE) * 10) / 10) });
}
