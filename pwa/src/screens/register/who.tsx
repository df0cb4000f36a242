/** Who one is in the turnover of goods: kind, as what the declaration is held, and of which goods. */

import type { JSX } from "preact";
import type { Application } from "../../api/registration";
import { lang, t } from "../../i18n";
import { groups } from "../../store/groups";
import { Choice, Choices } from "../../ui/field";
import { Loading } from "../../ui/states";
import { FormPage } from "./form-page";
import { type Holder, type Kind, type, typed, wrong, wrongChoices } from "./typed";

const KINDS: readonly Kind[] = ["producer", "importer", "wholesaler", "retail"];
const HOLDERS: readonly Holder[] = ["carrier", "wholesaler", "retailer"];

export function Who({ own }: { own: Application }): JSX.Element {
  const given = typed.value;
  const alone = own.certificate.bin === null;
  const error = (field: string, words: "registration.wrong_kind" | "registration.wrong_holder" | "registration.wrong_groups"): string | undefined =>
    wrong.value.has(field) ? t(words) : undefined;
  return (
    <FormPage own={own} step="who" title={t("registration.who")} lead={t("registration.who_lead")} check={() => (given ? wrongChoices(given) : [])}>
      <Choice
        legend={t(alone ? "registration.trade" : "registration.kind")}
        value={given?.kind ?? null}
        options={KINDS.map((value) => ({ value, text: t(`registration.kind_${value}`), hint: t(`registration.kind_${value}_text`) }))}
        onChange={(kind) => type({ kind })}
        error={error("kind", "registration.wrong_kind") ?? error("trade", "registration.wrong_kind")}
      />
      {given?.kind === "importer" && (
        <Choice
          legend={t("registration.holder")}
          value={given.holder}
          options={HOLDERS.map((value) => ({ value, text: t(`registration.holder_${value}`) }))}
          onChange={(holder) => type({ holder })}
          error={error("declaration_holder", "registration.wrong_holder")}
        />
      )}
      {groups.value.length === 0 ? (
        <Loading rows={2} />
      ) : (
        <Choices
          legend={t("registration.groups")}
          values={given?.groups ?? []}
          options={groups.value.map(({ id, names }) => ({ value: id, text: names[lang.value] }))}
          onChange={(chosen) => type({ groups: chosen })}
          error={error("groups", "registration.wrong_groups")}
        />
      )}
    </FormPage>
  );
}
