/** Who signs, as the certificate says it: shown before anything is signed or taken. */

import type { ComponentChildren, JSX } from "preact";
import { t } from "../i18n";
import { Facts } from "../ui/page";
import css from "./sign.module.css";

interface WhoProps {
  name: string;
  /** Masked. */
  iin: string;
  bin: string | null;
  organisation: string | null;
  validUntil?: string;
  children?: ComponentChildren;
}

export function Who({ name, iin, bin, organisation, validUntil, children }: WhoProps): JSX.Element {
  const facts: (readonly [string, string])[] = [[t("sign.iin"), iin]];
  if (organisation) facts.push([t("sign.organisation"), organisation]);
  if (bin) facts.push([t("sign.bin"), bin]);
  if (validUntil) facts.push([t("sign.valid_until"), validUntil]);
  return (
    <section class={css.who} aria-label={t("sign.who")}>
      <p class={css.label}>{t("sign.who")}</p>
      <p class={css.signer}>{name}</p>
      <Facts facts={facts} />
      {children}
    </section>
  );
}

/** Enough to know one's own number by. */
export function masked(iin: string): string {
  return "••••••••" + iin.slice(-4);
}
