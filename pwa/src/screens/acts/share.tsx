/** What of an act can be handed on: its paper, its codes, the signed package, and the link by which anyone checks it. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Act } from "../../api/acts";
import { type CheckLink, checkLink, paper, type PaperLanguage } from "../../api/authenticity";
import { type Key, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Icon, type IconName } from "../../ui/icons";
import { Section } from "../../ui/page";
import { Qr } from "../../ui/qr";
import { Segmented } from "../../ui/segmented";
import { Sheet } from "../../ui/sheet";
import { Failure, OfflineNote } from "../../ui/states";
import css from "./share.module.css";

const LANGUAGES: readonly PaperLanguage[] = ["both", "kk", "ru"];

/** A paper that can be fetched: how it is called, where it is, and as what it is saved. */
interface Paper {
  name: Key;
  path: string;
  file: string;
  type: string;
}

export function Share({ id, number }: { id: string; number: string }): JSX.Element {
  const language = useSignal<PaperLanguage>("both");
  const named = fileName(number);
  const asked = `lang=${language.value}`;
  const papers: readonly Paper[] = [
    { name: "paper.pdf", path: `paper?${asked}`, file: `${named}.pdf`, type: "application/pdf" },
    { name: "paper.package", path: "package", file: `${named}.zip`, type: "application/zip" },
    { name: "paper.codes_pdf", path: `paper/codes?${asked}`, file: `${named}-codes.pdf`, type: "application/pdf" },
    { name: "paper.codes_csv", path: "paper/codes?format=csv", file: `${named}-codes.csv`, type: "text/csv" },
  ];
  return (
    <Section title={t("paper.papers")}>
      {!online.value && <OfflineNote />}
      <Segmented
        label={t("paper.pdf_language")}
        value={language.value}
        options={LANGUAGES.map((value) => ({ value, text: t(`paper.lang_${value}`) }))}
        onChange={(value) => (language.value = value)}
      />
      <div class={css.both}>
        <div class={css.column}>
          <ul class={css.papers}>
            {papers.map((one) => (
              <Fetched key={one.path} act={id} paper={one} />
            ))}
          </ul>
          <p class={css.quiet}>{t("paper.package_text")}</p>
        </div>
        <Links id={id} number={number} />
      </div>
    </Section>
  );
}

/** The print form of a draft with all that was typed, to be looked at before it is signed; it says that it is unsigned. */
export function DraftPaper({ saved }: { saved: () => Promise<Act> }): JSX.Element {
  const { busy, failure, run } = useAttempt();
  const look = (): void =>
    void run(async () => {
      const { id, number } = await saved();
      save(new File([await paper(id, "paper")], `${fileName(number)}.pdf`, { type: "application/pdf" }));
    });
  return (
    <>
      <Button icon="document" busy={busy} disabled={!online.value} onClick={look}>
        {t(busy ? "paper.preparing" : "paper.draft_pdf")}
      </Button>
      {failure && <Failure code={failure.code} params={failure.params} onRetry={look} />}
    </>
  );
}

function fileName(number: string): string {
  return number.replace(/[^\p{L}\p{N}-]+/gu, "-");
}

/** Fetched first and handed on with a second tap where the device shares files: a share must follow a tap at once. */
function Fetched({ act, paper: one }: { act: string; paper: Paper }): JSX.Element {
  const ready = useSignal<File | null>(null);
  const { busy, failure, run } = useAttempt();
  const get = (): void =>
    void run(async () => {
      const file = new File([await paper(act, one.path)], one.file, { type: one.type });
      if (shares(file)) ready.value = file;
      else save(file);
    });
  const file = ready.value;
  if (file) {
    return (
      <Line icon="share" ready onClick={() => void navigator.share({ files: [file], title: one.file }).catch(() => save(file))} words={t("paper.send_file", { name: t(one.name) })} />
    );
  }
  return (
    <Line icon="document" busy={busy} disabled={!online.value} onClick={get} words={busy ? t("paper.preparing") : t(one.name)}>
      {failure && <Failure code={failure.code} params={failure.params} onRetry={get} />}
    </Line>
  );
}

interface LineProps {
  icon: IconName;
  words: string;
  onClick: () => void;
  /** One more tap hands it on. */
  ready?: boolean;
  busy?: boolean;
  disabled?: boolean;
  children?: ComponentChildren;
}

/** One of many ways, none of which stands out. */
function Line({ icon, words, onClick, ready, busy, disabled, children }: LineProps): JSX.Element {
  return (
    <li>
      <button type="button" class={css.line} data-ready={ready} disabled={disabled || busy} aria-busy={busy ? true : undefined} onClick={onClick}>
        <Icon name={icon} size={22} />
        <span>{words}</span>
      </button>
      {children}
    </li>
  );
}

/** Phones and tablets hand files on; on a desk they are saved. */
function shares(file: File): boolean {
  return matchMedia("(pointer: coarse)").matches && typeof navigator.canShare === "function" && navigator.canShare({ files: [file] });
}

function save(file: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The act's own address for the other side, and the link of the public check for everybody, also as a QR code. */
function Links({ id, number }: { id: string; number: string }): JSX.Element {
  const link = useSignal<CheckLink | null>(null);
  const shown = useSignal(false);
  const { failure, run } = useAttempt();
  const load = (): void => void run(async () => void (link.value = await checkLink(id)));
  useEffect(load, [id]);
  const found = link.value;
  return (
    <div class={css.column}>
      <ul class={css.papers}>
        <Handed url={`${location.origin}/acts/${id}`} number={number} text="acts.share" />
        {found && <Handed url={found.url} number={number} text="paper.share_link" />}
        {found && <Line icon="qr" onClick={() => (shown.value = true)} words={t("paper.show_qr")} />}
      </ul>
      {failure && online.value && <Failure code={failure.code} params={failure.params} onRetry={load} />}
      {found && shown.value && (
        <Sheet title={t("paper.public_link")} onClose={() => (shown.value = false)}>
          <Qr rows={found.qr} label={t("paper.qr_label")} />
          <p>{t("paper.public_link_text")}</p>
          <a class={css.link} href={found.url}>
            {found.url}
          </a>
        </Sheet>
      )}
    </div>
  );
}

/** An address, handed to another app where the device can, else copied. */
function Handed({ url, number, text }: { url: string; number: string; text: Key }): JSX.Element {
  const copied = useSignal(false);
  const share = async (): Promise<void> => {
    try {
      if (typeof navigator.share === "function") await navigator.share({ title: t("acts.act_number", { number }), url });
      else {
        await navigator.clipboard.writeText(url);
        copied.value = true;
      }
    } catch {
      // The person closed the sheet of the system.
    }
  };
  return <Line icon={copied.value ? "done" : "share"} onClick={() => void share()} words={t(copied.value ? "paper.link_copied" : text)} />;
}
