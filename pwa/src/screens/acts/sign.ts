/** Signing what happens to an act and handing it to the outbox: the screen shows it as waiting until the server took it. */

import { type Changes, correctionDocument, proposedCorrection } from "../../api/act-life";
import { type Act, type Papers, actDocument, annulmentDocument, decisionDocument } from "../../api/acts";
import { ApiError } from "../../api/client";
import { type Decision, decisionBytes, photosOf } from "../../domain/act-decision";
import { type Key, lang, t } from "../../i18n";
import { requestSignatures, type Signature, type SignDocument, toSign } from "../../sign";
import { sendFiles } from "../../store/files";
import { post } from "../../store/outbox";
import { me } from "../../store/session";

export type Verb =
  | "send"
  | "take_back"
  | "decide"
  | "clarify"
  | "answer"
  | "cancel"
  | "annul_ask"
  | "annul_agree"
  | "annul_refuse"
  | "correct"
  | "correct_agree"
  | "correct_refuse"
  | "correct_withdraw";

const PATHS: Record<Verb, string> = {
  send: "send",
  take_back: "take-back",
  decide: "decision",
  clarify: "clarify",
  answer: "answer",
  cancel: "cancel",
  annul_ask: "annulment",
  annul_agree: "annulment/agree",
  annul_refuse: "annulment/refuse",
  correct: "correction",
  correct_agree: "correction/agree",
  correct_refuse: "correction/refuse",
  correct_withdraw: "correction/withdraw",
};

/** Keeps a step for the server; resolves when it is on the device. @throws ApiError */
export async function step(act: Act, kind: Verb, body: unknown): Promise<void> {
  await post({ subject: `act:${act.id}`, kind, path: `/api/v1/acts/${act.id}/${PATHS[kind]}`, method: "POST", body });
}

/** @returns false when the person closed the sheet. @throws ApiError */
export async function signAndSend(act: Act): Promise<boolean> {
  return signed(act, "acts.sign_send", toSign((await actDocument(act.id)).documents), (signatures) => step(act, "send", { signatures }));
}

/** Without network the same bytes are made here: a key file signs them, and they go out later. */
export async function signDecision(act: Act, decision: Decision): Promise<boolean> {
  const documents = await decisionPapers(act, decision);
  return signed(act, "acts.sign_decision", documents, async (signatures) => {
    // In one line behind one another: the server has the photos before the decision that names them.
    await sendFiles(`act:${act.id}`, photosOf(decision));
    await step(act, "decide", { decision, signatures });
  });
}

export async function signAnnulment(act: Act, text: string | null): Promise<boolean> {
  const documents = toSign((await annulmentDocument(act.id)).documents);
  return signed(act, "acts.sign_annulment", documents, (signatures) =>
    text === null ? step(act, "annul_agree", { signatures }) : step(act, "annul_ask", { text, signatures }),
  );
}

/** The sender's word on prices and papers: alone before the decision, a proposal after it. */
export async function signCorrection(act: Act, changes: Changes, reason: string): Promise<boolean> {
  const documents = toSign((await correctionDocument(act.id, changes)).documents);
  return signed(act, "acts.sign_correction", documents, (signatures) => step(act, "correct", { changes, reason, signatures }));
}

/** The receiver signs the very bytes that the sender signed. */
export async function signAgreement(act: Act): Promise<boolean> {
  const documents = toSign((await proposedCorrection(act.id)).documents);
  return signed(act, "acts.sign_correction", documents, (signatures) => step(act, "correct_agree", { signatures }));
}

async function signed(act: Act, title: Key, documents: SignDocument[], then: (given: Signature[]) => Promise<void>): Promise<boolean> {
  const own = me.value?.organisation;
  const party = own ? { bin: own.bin, name: own.names[lang.value] } : {};
  const signatures = await requestSignatures({ purpose: "document", title: t(title, { number: act.number }), documents, party });
  if (!signatures) return false;
  await then(signatures);
  return true;
}

async function decisionPapers(act: Act, decision: Decision): Promise<SignDocument[]> {
  try {
    const papers: Papers = await decisionDocument(act.id, decision);
    return toSign(papers.documents);
  } catch (error) {
    const own = me.value?.organisation;
    if (!(error instanceof ApiError) || error.status !== 0 || !act.sha256 || !own) throw error;
    const bytes = decisionBytes(act.id, act.sha256, { bin: own.bin, name: own.names.ru }, decision);
    const facts = [
      { label: "number", value: act.number },
      { label: "seller", value: `${act.sender.name}, ${act.sender.tax_number ?? ""}` },
      { label: "buyer", value: `${own.names.ru}, ${own.bin}` },
      { label: "date", value: act.transfer_date },
      { label: "units", value: String(act.units) },
      { label: "rejected", value: String(decision.all_rejected ? act.units : decision.rejected.length) },
    ];
    return [{ id: act.id, bytes, names: { kk: t("acts.decision_paper"), ru: t("acts.decision_paper"), en: t("acts.decision_paper") }, facts }];
  }
}
