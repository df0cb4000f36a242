/** The sheet: first what is signed and for whom, then with which key. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Button } from "../ui/button";
import { CABINET_ICONS } from "../ui/cabinet-icons";
import { addIcons } from "../ui/icons";
import { Sheet as Frame } from "../ui/sheet";
import { Failure } from "../ui/states";
import type { Asked, Signature } from "./asked";
import { EgovWay } from "./egov-way";
import { FileWay } from "./file-way";
import { onlyFitting } from "./fitting";
import { KeptKey, KeptKeyPin } from "./kept-key-way";
import { NcalayerWay } from "./ncalayer-way";
import { list, type RememberedKey } from "./p12/remembered";
import { askPlace, onPhone, type Place, placeKnown, usedWay, type Way, waysHere } from "./place";
import css from "./sign.module.css";
import type { Failed } from "./signer";
import { Ways } from "./ways";
import { What } from "./what";

addIcons(CABINET_ICONS);

/** What a way of signing is given, and what it tells. */
export interface WayProps {
  asked: Asked;
  place: Place;
  onSigned: (signatures: Signature[]) => void;
  /** Back to the choice of ways, with what went wrong, if anything did. */
  onBack: (failed?: Failed) => void;
}

interface Chosen {
  way: Way;
  kept?: RememberedKey;
}

export function Sheet({ asked }: { asked: Asked }): JSX.Element {
  const [place, setPlace] = useState(placeKnown);
  /** Null until it is known what this device keeps. */
  const [keys, setKeys] = useState<RememberedKey[] | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [failure, setFailure] = useState<Failed | null>(null);
  useEffect(() => void askPlace().then(setPlace), []);
  useEffect(() => {
    if (chosen) return;
    void list().then((found) => {
      const able = found.filter((key) => asked.request.purpose === "login" || key.canSign);
      // The first time, the one key that fits is not asked for: its PIN is.
      const only = keys === null ? onlyFitting(able, asked.request) : undefined;
      setKeys(able);
      if (only) setChosen({ way: "p12", kept: only });
    });
  }, [chosen]);

  const section = useRef<HTMLElement>(null);
  // What was pressed is gone: the focus goes to what came instead, so that it is read out and in sight.
  useEffect(() => {
    if (chosen && !chosen.kept) section.current?.focus();
  }, [chosen]);

  const back = (failed: Failed | null = null): void => {
    setChosen(null);
    setFailure(failed);
  };
  const props: WayProps = {
    asked,
    place,
    onSigned: (signatures) => {
      if (chosen) usedWay(chosen.way);
      asked.answer(signatures);
    },
    onBack: back,
  };
  const way = chosen?.kept ? null : chosen?.way;
  return (
    <Frame
      title={asked.request.title}
      onClose={() => asked.answer(null)}
      steady={chosen !== null}
      actions={chosen?.kept && <KeptKeyPin {...props} kept={chosen.kept} />}
    >
      {place.test && (
        <p class={css.test}>
          <strong>{t("sign.test")}</strong> {t("sign.test_text")}
        </p>
      )}
      <What request={asked.request} short={chosen !== null && !chosen.kept} />
      {failure && <Failure code={failure.code} params={failure.params} kept={t("sign.kept")} />}
      {!chosen && keys && (
        <Ways
          keys={keys}
          ways={waysHere(place, onPhone())}
          onChoose={(next, kept) => {
            setFailure(null);
            setChosen(kept ? { way: next, kept } : { way: next });
          }}
        />
      )}
      {chosen && (
        <section class={css.way} ref={section} tabIndex={-1} aria-label={t(`sign.way.${chosen.way}`)}>
          {chosen.kept && <KeptKey kept={chosen.kept} onGone={() => back()} />}
          {way === "p12" && <FileWay {...props} />}
          {way === "ncalayer" && <NcalayerWay {...props} />}
          {way === "egov_mobile" && <EgovWay {...props} app="mobile" />}
          {way === "egov_business" && <EgovWay {...props} app="business" />}
          <Button kind="plain" icon="back" onClick={() => back()}>
            {t("sign.other_way")}
          </Button>
        </section>
      )}
    </Frame>
  );
}
