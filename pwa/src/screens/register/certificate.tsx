/** A certificate as facts. */

import type { JSX } from "preact";
import type { Certificate } from "../../api/registration";
import { hasWords, t } from "../../i18n";
import { Facts } from "../../ui/page";

export function CertificateFacts({ certificate }: { certificate: Certificate }): JSX.Element {
  const { name, iin, organisation, bin, roles } = certificate;
  const said = roles.map((role) => `registration.role_${role}`).filter(hasWords).map((key) => t(key));
  const facts: [string, string][] = [];
  if (organisation) facts.push([t("registration.organisation"), organisation]);
  if (bin) facts.push([t("registration.bin"), bin]);
  facts.push([t("registration.person"), name], [t("registration.iin"), iin]);
  if (said.length > 0) facts.push([t("registration.role"), said.join(", ")]);
  return <Facts facts={facts} />;
}
