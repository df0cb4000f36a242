/** Signing with a key that this device keeps: whose it is is known, so its PIN and one press sign. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formatDate, t } from "../i18n";
import { Button } from "../ui/button";
import { Failure, Note } from "../ui/states";
import { fileSigner } from "./file-signer";
import { Secret, useRetyping } from "./file-way";
import { endsSoon, fitting } from "./fitting";
import { forget, open, type RememberedKey } from "./p12/remembered";
import type { WayProps } from "./sheet";
import css from "./sign.module.css";
import { type Failed, failed } from "./signer";
import { Who } from "./who";

/** Whose key it is; what to do with it stands in {@link KeptKeyPin}. */
export function KeptKey({ kept, onGone }: { kept: RememberedKey; onGone: () => void }): JSX.Element {
  const [failure, setFailure] = useState<Failed | null>(null);
  const days = endsSoon(kept.notAfter);
  return (
    <>
      <Who name={kept.name} bin={kept.bin} organisation={kept.organisation} validUntil={formatDate(kept.notAfter)} />
      {days !== null && (
        <Note tone="care">
          <p>{t("sign.ends_soon", { count: days })}</p>
        </Note>
      )}
      {failure && <Failure code={failure.code} params={failure.params} kept={t("sign.kept")} />}
      <Button wide icon="bin" onClick={() => void forget(kept.id).then(onGone, (error: unknown) => setFailure(failed(error)))}>
        {t("sign.forget")}
      </Button>
    </>
  );
}

/** Stands at the sheet's foot, under the thumb, however much there is to read above. */
export function KeptKeyPin({ asked, onSigned, kept }: Pick<WayProps, "asked" | "onSigned"> & { kept: RememberedKey }): JSX.Element {
  const [pin, setPin] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failed | null>(null);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const form = useRetyping(failure);
  // The person goes on with the PIN and nothing else: a phone opens its keyboard at once.
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const { documents } = asked.request;

  const sign = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const opened = await open(kept.id, pin);
      try {
        // The sheet was closed while the key was being opened: nothing is signed behind the person's back.
        if (stop.current.signal.aborted) return;
        onSigned(await fileSigner(fitting(opened, asked.request)).sign(documents, stop.current.signal));
      } finally {
        opened.close();
      }
    } catch (error) {
      if (stop.current.signal.aborted) return;
      setPin("");
      setFailure(failed(error));
      setBusy(false);
    }
  };

  const wrong = failure?.code === "sign.wrong_pin" ? t("errors.sign.wrong_pin", failure.params) : undefined;
  return (
    <form
      class={css.form}
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void sign();
      }}
    >
      <Secret label={t("sign.pin")} hint={[kept.name, kept.organisation].filter(Boolean).join(" · ")} error={wrong} value={pin} onInput={setPin} />
      {failure && !wrong && <Failure code={failure.code} params={failure.params} kept={t("sign.kept")} />}
      <Button kind="primary" wide submit busy={busy} disabled={pin === ""}>
        {busy ? t("sign.signing") : t("sign.sign", { count: documents.length })}
      </Button>
    </form>
  );
}
