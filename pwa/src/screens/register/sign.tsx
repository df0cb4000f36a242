/** The agreement and the contract: read, agreed to, and signed in one go. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Application, documentsToSign, handInSignatures } from "../../api/registration";
import { lang, t } from "../../i18n";
import { requestSignatures, toSign } from "../../sign";
import { once, useAttempt } from "../../store/attempt";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Check, focusWrong } from "../../ui/field";
import { Page } from "../../ui/page";
import { Failure, OfflineNote } from "../../ui/states";
import { send, show } from "./application";
import css from "./register.module.css";
import { StepLine, stepsOf } from "./steps";
import { type TextName, TextSheet } from "./text";
import { reach } from "./typed";

export function Sign({ own }: { own: Application }): JSX.Element {
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  const agreed = useSignal<ReadonlySet<TextName>>(new Set());
  const missed = useSignal(false);
  const list = useRef<HTMLDivElement>(null);
  const reading = useSignal<TextName | null>(null);
  const papers: readonly TextName[] = own.purpose === "head_change" ? ["agreement"] : ["agreement", "contract"];
  const party = { bin: own.certificate.bin ?? undefined, name: own.names[lang.value] };
  useEffect(() => reach("sign"), []);

  const sign = async (): Promise<void> => {
    await send(lang.value);
    const documents = toSign(await documentsToSign());
    const signatures = await requestSignatures({ purpose: "document", title: t("registration.sign_title"), documents, party: stated(party) });
    if (!signatures) return;
    show(await once("sign", signatures, (key) => handInSignatures(signatures, key)));
    route("/register", true);
  };
  const press = (): void => {
    missed.value = papers.some((paper) => !agreed.value.has(paper));
    if (!missed.value) void run(sign);
    else requestAnimationFrame(() => focusWrong(list.current));
  };
  const previous = stepsOf(own).at(-2);
  return (
    <Page
      over={<StepLine application={own} at="sign" />}
      title={t("registration.sign")}
      lead={t(own.purpose === "head_change" ? "registration.sign_lead_one" : "registration.sign_lead")}
      back={previous && { href: `/register/${previous}`, text: t("app.back") }}
    >
      {!online.value && <OfflineNote text={t("registration.kept_offline")} />}
      <div ref={list} class={css.papers}>
        {papers.map((paper) => (
          <section key={paper} class={css.paper}>
            <div class={css.paperHead}>
              <h2>{t(`registration.${paper}`)}</h2>
              <Button icon="document" onClick={() => (reading.value = paper)}>
                {t("registration.read")}
              </Button>
            </div>
            <Check
              label={t(`registration.${paper}_agreed`)}
              checked={agreed.value.has(paper)}
              onChange={(checked) => (agreed.value = toggled(agreed.value, paper, checked))}
              error={missed.value && !agreed.value.has(paper) ? t("registration.wrong_agreed") : undefined}
            />
          </section>
        ))}
      </div>
      {failure && <Failure code={failure.code} params={failure.params} kept={t("registration.kept")} />}
      <Button kind="primary" icon="key" wide busy={busy} onClick={press}>
        {t(papers.length === 1 ? "registration.sign_one" : "registration.sign_both")}
      </Button>
      {reading.value && (
        <TextSheet
          name={reading.value}
          version={own.text_version}
          title={t(`registration.${reading.value}`)}
          onClose={() => (reading.value = null)}
        />
      )}
    </Page>
  );
}

function toggled(all: ReadonlySet<TextName>, one: TextName, on: boolean): ReadonlySet<TextName> {
  const next = new Set(all);
  if (on) next.add(one);
  else next.delete(one);
  return next;
}

function stated({ bin, name }: { bin: string | undefined; name: string }): { bin?: string; name?: string } {
  return bin ? { bin, name } : { name };
}
