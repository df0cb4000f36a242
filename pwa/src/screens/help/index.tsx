/** Help, settings, what is on the device, and how to install: one page with headings to jump to. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { LANGUAGES, lang, setLanguage, t } from "../../i18n";
import { setSound, soundOn } from "../../scanner";
import { setTheme, theme, THEMES } from "../../store/appearance";
import { Glyph, type GlyphName } from "../../ui/icons";
import { Segmented } from "../../ui/segmented";
import { DeviceData } from "./device-data";
import { BarcodeFigure, DataMatrixFigure, QrFigure } from "./figures";
import css from "./help.module.css";
import { Install } from "./install";

const LOOKS: readonly GlyphName[] = ["ok", "care", "stop", "unknown"];
const NATIVE = { kk: "Қазақша", ru: "Русский", en: "English" };

export default function Help(): JSX.Element {
  useEffect(() => {
    const wanted = document.getElementById(location.hash.slice(1));
    if (wanted) wanted.scrollIntoView();
    else scrollTo(0, 0);
  }, []);
  return (
    <div class={css.page}>
      <h1>{t("help.title")}</h1>
      <Part id="find" title={t("help.find_title")}>
        <div class={css.figures}>
          <DataMatrixFigure />
          <QrFigure />
          <BarcodeFigure />
        </div>
        <ol class={css.steps}>
          <li>{t("help.find_1")}</li>
          <li>{t("help.find_2")}</li>
          <li>{t("help.find_3")}</li>
          <li>{t("help.find_4")}</li>
        </ol>
      </Part>
      <Part id="answers" title={t("help.looks_title")}>
        <dl class={css.looks}>
          {LOOKS.map((look) => (
            <div key={look} class={css.look} data-look={look}>
              <dt>
                <span class={css.sign}>
                  <Glyph name={look} />
                </span>
                {t(`verdict.look.${look as "ok"}`)}
              </dt>
              <dd>{t(`help.look_${look as "ok"}`)}</dd>
            </div>
          ))}
        </dl>
      </Part>
      <Part id="settings" title={t("help.settings")}>
        <h3>{t("app.language")}</h3>
        <Segmented
          label={t("app.language")}
          value={lang.value}
          options={LANGUAGES.map((value) => ({ value, text: NATIVE[value], lang: value }))}
          onChange={(next) => void setLanguage(next).catch(() => undefined)}
        />
        <h3>{t("help.theme")}</h3>
        <Segmented
          label={t("help.theme")}
          value={theme.value}
          options={THEMES.map((value) => ({ value, text: t(`help.theme_${value}`) }))}
          onChange={setTheme}
        />
        <h3>{t("help.sound")}</h3>
        <Segmented
          label={t("help.sound")}
          value={soundOn.value ? "on" : "off"}
          options={[
            { value: "on", text: t("help.sound_on") },
            { value: "off", text: t("help.sound_off") },
          ]}
          onChange={(next) => setSound(next === "on")}
        />
      </Part>
      <Part id="install" title={t("help.install_title")}>
        <Install />
      </Part>
      <Part id="data" title={t("help.data_title")}>
        <DeviceData />
      </Part>
      <Part id="privacy" title={t("help.privacy_title")}>
        <p>{t("help.privacy")}</p>
      </Part>
    </div>
  );
}

function Part({ id, title, children }: { id: string; title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section id={id} class={css.part}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
