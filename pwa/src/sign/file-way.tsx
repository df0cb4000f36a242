/** Signing with a key file (PKCS#12): the file and its password go to a worker on this device and nowhere else. */

import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Icon } from "../ui/icons";
import { Failure } from "../ui/states";
import { fitting } from "./fitting";
import { KeyStep } from "./key-step";
import { type OpenedKey, openContainer } from "./p12/signer";
import type { WayProps } from "./sheet";
import css from "./sign.module.css";
import { type Failed, failed } from "./signer";

/** Closes the worker with the sheet, and with it the key. */
export function useKey(): [OpenedKey | null, (key: OpenedKey) => void] {
  const [key, setKey] = useState<OpenedKey | null>(null);
  const held = useRef<OpenedKey | null>(null);
  const gone = useRef(false);
  useEffect(
    () => () => {
      gone.current = true;
      held.current?.close();
    },
    [],
  );
  return [
    key,
    (opened) => {
      // The sheet was closed while the file was being opened.
      if (gone.current) return opened.close();
      held.current = opened;
      setKey(opened);
    },
  ];
}

/** After a refusal the secret is typed again: the focus waits there. */
export function useRetyping(failure: Failed | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (failure) form.current?.querySelector<HTMLInputElement>("input:not([type=file])")?.focus();
  }, [failure]);
  return form;
}

export function FileWay({ asked, onSigned }: WayProps): JSX.Element {
  const [file, setFile] = useState<File | null>(null);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failed | null>(null);
  const [key, setKey] = useKey();
  const id = useId();
  const form = useRetyping(failure);

  const open = async (): Promise<void> => {
    if (!file) return;
    setBusy(true);
    setFailure(null);
    try {
      const opened = await openContainer(file, password);
      try {
        setKey(fitting(opened, asked.request));
      } catch (error) {
        opened.close();
        throw error;
      }
    } catch (error) {
      setFailure(failed(error));
    }
    setBusy(false);
  };

  if (key && file) return <KeyStep asked={asked} opened={key} source={{ file, password }} onSigned={onSigned} />;
  const wrong = failure?.code === "sign.wrong_password" ? t("errors.sign.wrong_password") : undefined;
  return (
    <form
      class={css.form}
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void open();
      }}
    >
      <div>
        <input
          id={id}
          class={css.file}
          type="file"
          accept=".p12,.pfx,application/x-pkcs12"
          onChange={(event) => {
            setFile(event.currentTarget.files?.[0] ?? null);
            setFailure(null);
          }}
        />
        <label class={css.chooser} for={id}>
          <Icon name="document" />
          {file ? file.name : t("sign.file.choose")}
        </label>
      </div>
      {file && <Secret label={t("sign.file.password")} error={wrong} value={password} onInput={setPassword} />}
      {failure && !wrong && <Failure code={failure.code} params={failure.params} kept={t("sign.kept")} />}
      <p class={css.hint}>{t("sign.file.stays")}</p>
      {file && (
        <Button kind="primary" wide submit busy={busy} disabled={password === ""}>
          {t(busy ? "sign.file.opening" : "sign.file.open")}
        </Button>
      )}
    </form>
  );
}

interface SecretProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  error?: string | undefined;
  hint?: string | undefined;
}

/** What must not be read over one's shoulder, unless one asks to see it. */
export function Secret({ label, value, onInput, error, hint }: SecretProps): JSX.Element {
  const [shown, setShown] = useState(false);
  const toggle = (
    <button type="button" class={css.show} aria-pressed={shown} onClick={() => setShown(!shown)}>
      {t(shown ? "sign.hide" : "sign.show")}
    </button>
  );
  return (
    <Field label={label} hint={hint} error={error} type={shown ? "text" : "password"} value={value} onInput={onInput} after={toggle} required />
  );
}
