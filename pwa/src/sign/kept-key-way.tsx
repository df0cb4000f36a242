/** Signing with a key that this device keeps under a PIN. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "../ui/button";
import { Failure } from "../ui/states";
import { Secret, useKey, useRetyping } from "./file-way";
import { fitting } from "./fitting";
import { KeyStep } from "./key-step";
import { forget, open, type RememberedKey } from "./p12/remembered";
import type { WayProps } from "./sheet";
import css from "./sign.module.css";
import { type Failed, failed } from "./signer";

export function KeptKeyWay({ asked, onSigned, onBack, kept }: WayProps & { kept: RememberedKey }): JSX.Element {
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failed | null>(null);
  const [key, setKey] = useKey();

  const form = useRetyping(failure);

  const unlock = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const opened = await open(kept.id, pin);
      try {
        setKey(fitting(opened, asked.request));
      } catch (error) {
        opened.close();
        throw error;
      }
    } catch (error) {
      setPin("");
      setFailure(failed(error));
    }
    setBusy(false);
  };

  if (key) return <KeyStep asked={asked} opened={key} source={null} onSigned={onSigned} />;
  const wrong = failure?.code === "sign.wrong_pin" ? t("errors.sign.wrong_pin", failure.params) : undefined;
  return (
    <form
      class={css.form}
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void unlock();
      }}
    >
      <p class={css.signer}>{kept.name}</p>
      <Secret label={t("sign.pin")} error={wrong} value={pin} onInput={setPin} />
      {failure && !wrong && <Failure code={failure.code} params={failure.params} kept={t("sign.kept")} />}
      <Button kind="primary" wide submit busy={busy} disabled={pin === ""}>
        {t(busy ? "sign.file.opening" : "sign.file.open")}
      </Button>
      <Button wide icon="bin" onClick={() => void forget(kept.id).then(() => onBack(), (error: unknown) => setFailure(failed(error)))}>
        {t("sign.forget")}
      </Button>
    </form>
  );
}
