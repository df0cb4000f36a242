/** What a check of a file found: whether it may be trusted, the act it speaks of, and each signature. */

import type { ComponentChildren, JSX } from "preact";
import type { Checked, CheckedFile, CheckedSignature } from "../../api/authenticity";
import { formatDate, formatDateTime, type Key, t, tCode } from "../../i18n";
import { Facts, Section } from "../../ui/page";
import { Note } from "../../ui/states";
import css from "./authenticity.module.css";
import { Standing } from "./standing";

const LOOKS = { valid: "ok", unknown: "care", invalid: "stop" } as const;

export function Found({ found, names }: { found: Checked; names: readonly string[] }): JSX.Element {
  const test = found.signatures.some((one) => one.test);
  const look = found.outcome === "valid" && test ? "care" : LOOKS[found.outcome];
  return (
    <>
      <Standing look={look} title={t(`paper.outcome_${found.outcome}`)}>
        <p class={css.names}>{names.join(", ")}</p>
        {found.intact === false && <p>{t("paper.broken_files")}</p>}
        {found.codes !== null && <p>{t(found.codes ? "paper.codes_hold" : "paper.broken_codes")}</p>}
        {test && found.outcome === "valid" && <p>{t("paper.test")}</p>}
      </Standing>
      {found.act && (
        <Section>
          <Facts facts={facts(found.act, found.state)} />
        </Section>
      )}
      {found.files.length > 0 && <Files files={found.files} />}
      <Section title={t("paper.signatures")}>
        {found.signatures.map((one, at) => (
          <Signature key={at} one={one} />
        ))}
      </Section>
    </>
  );
}

/** Those that are as they were signed are only counted; each other is named. */
function Files({ files }: { files: readonly CheckedFile[] }): JSX.Element {
  const held = files.filter(({ state }) => state === "held").length;
  return (
    <Section title={t("paper.files")}>
      {held > 0 && <p>{t("paper.files_held", { count: held })}</p>}
      {files.map(({ state, name, sha256 }) => {
        const words = state !== "held" && t(`paper.file_${state}`, { name: name || t("paper.photo", { sha256: sha256.slice(0, 12) }) });
        return words && <Note key={sha256} tone={state === "missing" ? "care" : "stop"}>{words}</Note>;
      })}
    </Section>
  );
}

function facts(act: NonNullable<Checked["act"]>, state: Checked["state"]): [string, ComponentChildren][] {
  const all: [string, ComponentChildren | null][] = [
    [t("paper.number"), act.number],
    [t("paper.date"), formatDate(act.transfer_date)],
    [t("paper.state"), state && tCode(`paper.state_${state}`, "paper.state_sent")],
    [t("paper.sender"), act.sender],
    [t("paper.receiver"), act.receiver],
    [t("paper.units"), t("paper.units_count", { count: act.units })],
  ];
  return all.filter((pair): pair is [string, ComponentChildren] => Boolean(pair[1]));
}

function Signature({ one }: { one: CheckedSignature }): JSX.Element {
  return (
    <article class={css.signature}>
      <h3>
        {t(`paper.subject_${one.subject}`)}
        <span class={css.outcome} data-outcome={one.outcome}>
          {t(`paper.signature_${one.outcome}`)}
        </span>
      </h3>
      {one.why && <Note tone={one.outcome === "invalid" ? "stop" : "care"}>{tCode(`errors.${one.why}`, "errors.request.unexpected" as Key)}</Note>}
      {one.linked === false && <Note tone="stop">{t("paper.broken_link")}</Note>}
      {one.for_party === false && <Note tone="care">{t("paper.other_party")}</Note>}
      <Facts facts={signed(one)} />
    </article>
  );
}

function signed(one: CheckedSignature): [string, ComponentChildren][] {
  const time = one.at ? formatDateTime(one.at) : "";
  const certificate = one.certificate;
  const all: [string, ComponentChildren | null][] = [
    [t("paper.signer"), [one.name, one.iin && `${t("paper.iin")} ${one.iin}`].filter(Boolean).join(" · ")],
    [t("paper.party"), one.party],
    [t("paper.certificate"), certificate && (one.organisation ? [one.organisation, one.bin].filter(Boolean).join(" · ") : t("paper.individual"))],
    [t("paper.moment"), time && t(`paper.proof_${one.proof}`, { time })],
    [t("paper.revocation"), one.revocation && tCode(`paper.revocation_${one.revocation}`, "paper.revocation_pending")],
    [t("paper.issuer"), certificate?.issuer],
    [t("paper.serial"), certificate && <code class={css.digest}>{certificate.serial}</code>],
    [t("paper.validity"), certificate && `${formatDate(certificate.not_before)} – ${formatDate(certificate.not_after)}`],
    [t("paper.algorithm"), certificate?.algorithm],
    [t("paper.sha256"), <code class={css.digest}>{one.sha256}</code>],
  ];
  return all.filter((pair): pair is [string, ComponentChildren] => Boolean(pair[1]));
}
