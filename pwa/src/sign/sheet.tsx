/** The sheet: first what is signed, then with which key. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { lang } from "../i18n";
import { Button } from "../ui/button";
import type { Asked } from "./asked";
import { t } from "../i18n";

export function Sheet({ asked }: { asked: Asked }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={() => asked.answer(null)}>
      <h2>{asked.request.title}</h2>
      {asked.request.documents.map((one) => (
        <p key={one.id}>{one.names[lang.value]}</p>
      ))}
      <Button onClick={() => asked.answer(null)}>{t("sign.close")}</Button>
    </dialog>
  );
}
