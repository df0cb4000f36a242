/** An opened key: who signs, whether it may, and whether this device should keep it. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatDate, t } from "../i18n";
import { Button } from "../ui/button";
import { Check, Field } from "../ui/field";
import { Failure, Note } from "../ui/states";
import type { Asked, Signature } from "./asked";
import { fileSigner } from "./file-signer";
import { endsSoon } from "./fitting";
import { remember, SHORTEST_PIN } from "./p12/remembered";
import type { OpenedKey } from "./p12/signer";
import css from "./sign.module.css";
import { type Failed, failed } from "./signer";
import { masked, Who } from "./who";

interface KeyStepProps {
  asked: Asked;
  opened: OpenedKey;
  /** Where the key came from, when this device may be asked to keep it. */
  source: { file: File; password: string } | null;
  onSigned: (signatures: Signature[]) => void;
}

export function KeyStep({ asked, opened, source, onSigned }: KeyStepProps): JSX.Element {
  const [keep, setKeep] = useState(false);
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failed | null>(null);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const { documents } = asked.request;
  const days = endsSoon(opened.notAfter);

  const sign = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      if (keep && source) await remember(source.file, source.password, pin, opened);
      onSigned(await fileSigner(opened).sign(documents, stop.current.signal));
    } catch (error) {
      if (stop.current.signal.aborted) return;
      setFailure(failed(error));
      setBusy(false);
    }
  };
  return (
    <form
      class={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void sign();
      }}
    >
      <Who {...opened.subject} iin={masked(opened.subject.iin)} validUntil={formatDate(opened.notAfter)} />
      {days !== null && (
        <Note tone="care">
          <p>{t("sign.ends_soon", { count: days })}</p>
        </Note>
      )}
      {source && (
        <>
          <Check label={t("sign.remember")} checked={keep} onChange={setKeep} hint={t("sign.remember_text")} />
          {keep && (
            <Field label={t("sign.pin_new")} hint={t("sign.pin_new_text", { count: SHORTEST_PIN })} type="password" autocomplete="new-password" value={pin} onInput={setPin} required />
          )}
        </>
      )}
      {failure && <Failure code={failure.code} params={failure.params} kept={t("sign.kept")} />}
      <Button kind="primary" wide submit busy={busy} disabled={keep && [...pin].length < SHORTEST_PIN}>
        {busy ? t("sign.signing") : t("sign.sign", { count: documents.length })}
      </Button>
    </form>
  );
}
