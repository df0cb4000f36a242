/** The switch of languages, one tap away wherever it stands. */

import type { JSX } from "preact";
import { LANGUAGES, type Lang, lang, setLanguage, t } from "../i18n";
import { Segmented } from "./segmented";

const NAMES: Record<Lang, { text: string; label: string }> = {
  kk: { text: "ҚАЗ", label: "ҚАЗ, қазақша" },
  ru: { text: "РУС", label: "РУС, русский" },
  en: { text: "ENG", label: "ENG, English" },
};

export function Languages(): JSX.Element {
  return (
    <Segmented
      compact
      label={t("app.language")}
      value={lang.value}
      options={LANGUAGES.map((value) => ({ value, lang: value, ...NAMES[value] }))}
      onChange={(next) => void setLanguage(next).catch(() => undefined)}
    />
  );
}
