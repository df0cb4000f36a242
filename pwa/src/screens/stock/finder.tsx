/** Scanning in stock: a unit opens its page, a box shows what lies in it. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { identificationCode, read } from "../../domain/gs1";
import { ssccOf } from "../../domain/acts";
import { t } from "../../i18n";
import { Scanner, type ScanTone } from "../../scanner";
import { templates } from "../../store/groups";
import css from "./stock.module.css";
import { boxHref, codeHref } from "./words";

export function Finder({ route }: { route: (url: string) => void }): JSX.Element {
  const said = useSignal("");
  const take = (text: string, symbology: string | null): ScanTone => {
    const code = identificationCode(read(text, symbology, templates()));
    if (code === null) {
      said.value = t("stock.scan_not_a_mark");
      return "neutral";
    }
    const box = ssccOf(code);
    route(box ? boxHref(box) : codeHref(code));
    return "ok";
  };
  return (
    <>
      <div class={css.stage}>
        <Scanner active hint={t("stock.scan_hint")} onScan={({ text, symbology }) => take(text, symbology)} />
      </div>
      <p role="status" class={css.note}>
        {said.value}
      </p>
    </>
  );
}
