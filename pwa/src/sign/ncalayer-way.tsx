/** Signing with NCALayer. The browser may ask whether this site may reach programs on the computer: that is said first. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { lang, t } from "../i18n";
import { Button } from "../ui/button";
import { Failure, Note } from "../ui/states";
import css from "./sign.module.css";
import { ncalayerSigner, permission } from "./ncalayer";
import { connectedBefore, connectedNow } from "./place";
import type { WayProps } from "./sheet";
import { type Failed, failed, SigningFailed } from "./signer";

const PAGE = "https://ncl.pki.gov.kz/";

type Step = "asking" | "explaining" | "connecting" | "signing" | "failed";

export function NcalayerWay({ asked, place, onSigned, onBack }: WayProps): JSX.Element {
  const [step, setStep] = useState<Step>("asking");
  const [failure, setFailure] = useState<Failed | null>(null);
  const { request } = asked;

  useEffect(() => {
    let gone = false;
    void permission().then((allowed) => {
      // The browser will not ask, or the person has answered before.
      const quiet = allowed === "granted" || (allowed === "unknown" && connectedBefore());
      if (!gone) setStep(quiet ? "connecting" : "explaining");
    });
    return () => {
      gone = true;
    };
  }, []);

  const busy = step === "connecting" || step === "signing";
  useEffect(() => {
    if (!busy) return;
    const stop = new AbortController();
    const options = { purpose: request.purpose, party: request.party?.bin, language: lang.value, profile: place.profile };
    const connected = (): void => {
      connectedNow();
      setStep("signing");
    };
    ncalayerSigner(options, {}, connected)
      .sign(request.documents, stop.signal)
      .then(onSigned, (error: unknown) => {
        if (stop.signal.aborted) return;
        if (error instanceof SigningFailed && error.quiet) return onBack();
        setFailure(failed(error));
        setStep("failed");
      });
    return () => stop.abort();
  }, [busy]);

  if (step === "explaining") {
    return (
      <>
        <Note title={t("sign.ncalayer.explained")}>
          <p>{t("sign.ncalayer.explained_text")}</p>
        </Note>
        <Button kind="primary" wide onClick={() => setStep("connecting")}>
          {t("sign.ncalayer.connect")}
        </Button>
      </>
    );
  }
  if (step === "failed" && failure) {
    return (
      <>
        <Failure code={failure.code} params={failure.params} kept={t("sign.kept")} onRetry={() => setStep("connecting")} />
        {failure.code === "sign.ncalayer_absent" && (
          <>
            <ol class={css.steps}>
              <li>{t("sign.ncalayer.start")}</li>
              <li>{t("sign.ncalayer.allow")}</li>
              <li>{t("sign.ncalayer.again")}</li>
            </ol>
            <Button href={PAGE} away icon="away">
              {t("sign.ncalayer.install")}
            </Button>
          </>
        )}
      </>
    );
  }
  return (
    <p class={css.busy} role="status">
      {t(step === "signing" ? "sign.ncalayer.signing" : "sign.ncalayer.connecting")}
    </p>
  );
}
