/** Who signs, as the certificate says it: shown before anything is signed or taken. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import css from "./sign.module.css";

interface WhoProps {
  name: string;
  /** Masked; absent where a kept key does not tell it before its PIN. */
  iin?: string;
  bin: string | null;
  organisation: string | null;
  validUntil?: string;
}

export function Who({ name, iin, bin, organisation, validUntil }: WhoProps): JSX.Element {
  // What was pressed is gone, and this is what has to be read next, unless a PIN is asked for below it.
  const shown = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (iin) shown.current?.focus();
  }, []);
  const facts: (readonly [string, string])[] = iin ? [[t("sign.iin"), iin]] : [];
  if (organisation) facts.push([t("sign.organisation"), organisation]);
  if (bin) facts.push([t("sign.bin"), bin]);
  if (validUntil) facts.push([t("sign.valid_until"), validUntil]);
  return (
    <section class={css.who} aria-label={t("sign.who")}>
      <p class={css.label}>{t("sign.who")}</p>
      <p class={css.signer} ref={shown} tabIndex={-1}>
        {name}
      </p>
      <dl class={css.facts}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Enough to know one's own number by. */
export function masked(iin: string): string {
  return "••••••••" + iin.slice(-4);
}
