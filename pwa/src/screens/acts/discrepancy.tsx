/** The discrepancy notice: what was not taken and why, each reason with its photos, and what lay there beside it. */

import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import { t } from "../../i18n";
import { Section } from "../../ui/page";
import css from "./acts.module.css";
import { Photos } from "./photos";
import own from "./show.module.css";
import { short } from "./words";

interface Refused {
  codes: string[];
  photos: Set<string>;
}

export function Discrepancy({ act }: { act: Act }): JSX.Element {
  const reasons = new Map<string, Refused>();
  for (const { code, reason, words, photos } of act.rejected) {
    const why = called(reason, words);
    const known = reasons.get(why) ?? { codes: [], photos: new Set<string>() };
    known.codes.push(code);
    for (const photo of photos) known.photos.add(photo);
    reasons.set(why, known);
  }
  return (
    <Section title={t("acts.discrepancy")}>
      {act.refusal && <p>{t("acts.all_refused", { reason: called(act.refusal.reason, act.refusal.words) })}</p>}
      {[...reasons].map(([why, { codes, photos }]) => (
        <div key={why} class={own.refused}>
          <Codes title={`${why} · ${t("acts.units", { count: codes.length })}`} codes={codes} />
          {photos.size > 0 && <Photos ids={[...photos]} />}
        </div>
      ))}
      {act.extra.length > 0 && <Codes title={`${t("acts.extra")} · ${t("acts.units", { count: act.extra.length })}`} codes={act.extra} />}
    </Section>
  );
}

function called(reason: Act["rejected"][number]["reason"], words: string): string {
  return reason === "other" && words ? words : t(`acts.reason_${reason}`);
}

/** Codes written out; the rest are in the paper's appendix. */
const SOME = 200;

function Codes({ title, codes }: { title: string; codes: readonly string[] }): JSX.Element {
  return (
    <details class={css.more}>
      <summary>{title}</summary>
      <ul class={css.goods}>
        {codes.slice(0, SOME).map((code) => (
          <li key={code}>
            <span title={short(code)}>{code}</span>
          </li>
        ))}
        {codes.length > SOME && <li>{t("acts.and_more", { count: codes.length - SOME })}</li>}
      </ul>
    </details>
  );
}
