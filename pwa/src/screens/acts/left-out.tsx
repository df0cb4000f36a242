/** Some goods of an earlier act could not go into the new draft: said once, over the draft. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../../i18n";
import { Note } from "../../ui/states";

export const leftOut = signal<{ act: string; count: number } | null>(null);

export function LeftOut({ id }: { id: string | undefined }): JSX.Element | null {
  const now = leftOut.value;
  if (!now || now.act !== id) return null;
  return (
    <Note tone="care" title={t("acts.left_out", { count: now.count })}>
      {t("acts.left_out_text")}
    </Note>
  );
}
