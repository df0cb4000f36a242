/** Photos handed to the scanner: read one after the other, told in words when they gave nothing. */

import type { Signal } from "@preact/signals";
import { t } from "../i18n";
import { PhotoUnreadable, readPhoto } from "./photo";
import { type RawScan, scanKey } from "./scan";
import { marksIfAny } from "./structure";

/** Milliseconds. */
const SAID_FOR = 8000;

let current: AbortController | null = null;

/**
 * @param all every code of every photo is delivered (bulk); else the one that is most a mark.
 * @param message where progress and failure are told.
 */
export async function takePhotos(
  files: readonly Blob[],
  all: boolean,
  deliver: (scan: RawScan) => void,
  message: Signal<string | null>,
): Promise<void> {
  forgetsPhotos();
  const mine = new AbortController();
  current = mine;
  message.value = t("scanner.photo_reading");
  const found: RawScan[] = [];
  let unreadable = 0;
  for (const file of files) {
    try {
      found.push(...(await readPhoto(file, { signal: mine.signal, onServer: () => (message.value = t("scanner.photo_server")) })));
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof PhotoUnreadable)) throw error;
      unreadable += 1;
    }
  }
  if (mine.signal.aborted) return;
  const read = unique(found.filter((scan) => !scan.located));
  message.value = null;
  if (read.length === 0) {
    if (unreadable > 0) say(message, t("scanner.photo_unreadable"));
    else say(message, found.length > 0 ? t("scanner.photo_damaged") : t("scanner.photo_nothing"));
    return;
  }
  for (const scan of all ? read : marksIfAny(read).slice(0, 1)) deliver(scan);
}

/** Says it for a while, then lets the hints of the camera speak again. */
function say(message: Signal<string | null>, words: string): void {
  message.value = words;
  setTimeout(() => {
    if (message.value === words) message.value = null;
  }, SAID_FOR);
}

/** The scanner left: photos still being read are given up. */
export function forgetsPhotos(): void {
  current?.abort();
  current = null;
}

function unique(scans: readonly RawScan[]): RawScan[] {
  return [...new Map(scans.map((scan) => [scanKey(scan), scan])).values()];
}
