/** What stands in place of the picture while there is none: why, and the one thing to do. */

import type { JSX } from "preact";
import { t } from "../i18n";
import type { CameraState } from "./camera";
import { Denied } from "./denied";
import { Icon, type IconName } from "./icons";
import css from "./scanner.module.css";

interface NoticeProps {
  state: CameraState;
  /** Ask for the camera, or try again. */
  onAsk(): void;
}

interface Words {
  icon: IconName;
  title: string;
  text?: string;
  action?: string;
}

function wordsFor(state: CameraState): Words | null {
  switch (state) {
    case "prompt":
      return { icon: "photo", title: t("scanner.prompt_title"), text: t("scanner.prompt_text"), action: t("scanner.prompt_action") };
    case "denied":
      return { icon: "lock", title: t("scanner.denied_title"), action: t("scanner.retry") };
    case "in_use":
      return { icon: "camera_off", title: t("scanner.in_use_title"), text: t("scanner.in_use_text"), action: t("scanner.retry") };
    case "none":
      return { icon: "camera_off", title: t("scanner.none_title") };
    case "black":
      return { icon: "camera_off", title: t("scanner.black_title"), text: t("scanner.black_text"), action: t("scanner.retry") };
    case "insecure":
      return { icon: "lock", title: t("scanner.insecure_title"), text: t("scanner.insecure_text") };
    case "idle":
    case "starting":
    case "live":
      return null;
  }
}

export function Notice({ state, onAsk }: NoticeProps): JSX.Element | null {
  const words = wordsFor(state);
  if (!words) return null;
  return (
    <div class={css.notice}>
      {state !== "denied" && <Icon name={words.icon} />}
      <p class={css.noticeTitle}>{words.title}</p>
      {state === "denied" ? <Denied /> : words.text && <p>{words.text}</p>}
      {words.action && (
        <button type="button" class={css.primary} onClick={onAsk}>
          {words.action}
        </button>
      )}
    </div>
  );
}
