/** A quiet notice at the screen's edge: one sentence, one action, gone when closed. */

import type { JSX } from "preact";
import { t } from "../i18n";
import { IconButton } from "./button";
import css from "./chip.module.css";
import { Icon, type IconName } from "./icons";

interface ChipProps {
  text: string;
  icon?: IconName;
  /** Refused goods: drawn loudly and said at once. */
  grave?: boolean;
  action?: string;
  onAction?: () => void;
  onClose: () => void;
}

export function Chip({ text, icon = "renew", grave, action, onAction, onClose }: ChipProps): JSX.Element {
  return (
    <div class={`${css.chip} ${grave ? css.grave : ""}`} role={grave ? "alert" : "status"}>
      <Icon name={grave ? "alert" : icon} size={22} />
      <span class={css.text}>{text}</span>
      {action && (
        <button type="button" class={css.action} onClick={onAction}>
          {action}
        </button>
      )}
      <IconButton name="close" label={t("app.dismiss")} onClick={onClose} />
    </div>
  );
}
