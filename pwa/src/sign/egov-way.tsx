/** Signing with a phone: a QR code for another device, a button for this one, and the signer's name before it counts. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "../ui/button";
import { Qr } from "../ui/qr";
import { Failure, Loading, Note, OfflineNote } from "../ui/states";
import { type App, egovSigner, type Laid, type PhoneSigner } from "./egov";
import { onPhone } from "./place";
import type { WayProps } from "./sheet";
import css from "./sign.module.css";
import { type Failed, failed, SigningFailed } from "./signer";
import { Who } from "./who";

interface Confirming {
  signer: PhoneSigner;
  answer: (mine: boolean) => void;
}

export function EgovWay({ asked, app, onSigned, onBack }: WayProps & { app: App }): JSX.Element {
  const [attempt, setAttempt] = useState(0);
  const [laid, setLaid] = useState<Laid | null>(null);
  const [fetched, setFetched] = useState(false);
  const [reached, setReached] = useState(true);
  const [confirming, setConfirming] = useState<Confirming | null>(null);
  const [failure, setFailure] = useState<Failed | null>(null);
  const { documents, party } = asked.request;

  useEffect(() => {
    const stop = new AbortController();
    setLaid(null);
    setFetched(false);
    setReached(true);
    setConfirming(null);
    setFailure(null);
    const watching = {
      onLaid: setLaid,
      onFetched: () => setFetched(true),
      onReached: setReached,
      confirm: (signer: PhoneSigner) => new Promise<boolean>((answer) => setConfirming({ signer, answer })),
    };
    egovSigner(app, watching)
      .sign(documents, stop.signal)
      .then(
        (signatures) => !stop.signal.aborted && onSigned(signatures),
        (error: unknown) => {
          if (stop.signal.aborted) return;
          if (error instanceof SigningFailed && error.quiet) return onBack();
          setFailure(failed(error));
        },
      );
    return () => stop.abort();
  }, [attempt, app]);

  if (failure?.code === "signatures.session_ended") {
    return (
      <>
        <Note tone="care">
          <p role="status">{t("errors.signatures.session_ended")}</p>
        </Note>
        <Button kind="primary" wide icon="renew" onClick={() => setAttempt(attempt + 1)}>
          {t("sign.egov.new_code")}
        </Button>
      </>
    );
  }
  if (failure) {
    return <Failure code={failure.code} params={failure.params} kept={t("sign.kept")} onRetry={() => setAttempt(attempt + 1)} />;
  }
  if (confirming) return <Confirm {...confirming} party={party?.bin} />;
  if (!laid) return <Loading rows={2} />;
  const code = <Qr rows={laid.qr} label={t("sign.egov.code")} />;
  return (
    <section class={css.phone}>
      {onPhone() ? (
        <>
          <Button kind="primary" wide icon="phone" href={laid.link} away>
            {t(app === "mobile" ? "sign.egov.open_mobile" : "sign.egov.open_business")}
          </Button>
          <p class={css.hint}>{t("sign.egov.come_back")}</p>
          <details class={css.bytes}>
            <summary>{t("sign.egov.other_device")}</summary>
            {code}
          </details>
        </>
      ) : (
        <>
          {code}
          <ol class={css.steps}>
            <li>{t(app === "mobile" ? "sign.egov.start_mobile" : "sign.egov.start_business")}</li>
            <li>{t("sign.egov.scan")}</li>
            <li>{t("sign.egov.compare")}</li>
          </ol>
        </>
      )}
      <p class={css.state} role="status">
        {t(fetched ? "sign.egov.fetched" : "sign.egov.waiting")}
      </p>
      <Countdown key={laid.id} seconds={laid.seconds} />
      {!reached && <OfflineNote text={t("sign.egov.unreached")} />}
    </section>
  );
}

/** Somebody else may have scanned the code (QR-jacking): the name is read before the signature is taken. */
function Confirm({ signer, answer, party }: Confirming & { party?: string | undefined }): JSX.Element {
  const other = party !== undefined && signer.bin !== party && !(signer.bin === null && signer.iin.slice(-4) === party.slice(-4));
  return (
    <>
      <Who {...signer} />
      {other && (
        <Note tone="stop" title={t("sign.other_party_title")}>
          <p>{t("sign.other_party_text", { bin: signer.bin ?? "–", wanted: party })}</p>
        </Note>
      )}
      {!other && (
        <Button kind="primary" wide onClick={() => answer(true)}>
          {t("sign.egov.mine")}
        </Button>
      )}
      <Button wide onClick={() => answer(false)}>
        {t("sign.egov.not_mine")}
      </Button>
    </>
  );
}

/** How long the code lives, counted here: the device's clock may be wrong, its seconds are not. */
function Countdown({ seconds }: { seconds: number }): JSX.Element {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const ends = performance.now() + seconds * 1000;
    const timer = setInterval(() => setLeft(Math.max(0, Math.round((ends - performance.now()) / 1000))), 1000);
    return () => clearInterval(timer);
  }, []);
  const shown = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return (
    <p class={css.countdown} role="timer">
      {t("sign.egov.lives", { time: shown })}
    </p>
  );
}
