/** Installing: the browser's own question where there is one, else the way shown step by step. */

import type { JSX } from "preact";
import { t } from "../../i18n";
import { install, installed, installPrompt, isApple } from "../../store/install";
import { Button } from "../../ui/button";
import { Icon, Tamga } from "../../ui/icons";
import css from "./help.module.css";

export function Install(): JSX.Element {
  if (installed()) return <p>{t("help.install_done")}</p>;
  return (
    <>
      <p>{t("help.install_why")}</p>
      {installPrompt.value ? (
        <div>
          <Button kind="primary" icon="plus" onClick={() => void install()}>
            {t("help.install_action")}
          </Button>
        </div>
      ) : isApple() ? (
        <ol class={css.apple}>
          <li>
            <span class={css.step}>
              <Icon name="share" size={30} />
            </span>
            {t("help.install_ios_1")}
          </li>
          <li>
            <span class={css.step}>
              <Icon name="plus" size={30} />
            </span>
            {t("help.install_ios_2")}
          </li>
          <li>
            <span class={css.step}>
              <Tamga class={css.stepTamga} />
            </span>
            {t("help.install_ios_3")}
          </li>
        </ol>
      ) : (
        <p>{t("help.install_other")}</p>
      )}
    </>
  );
}
