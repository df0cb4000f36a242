/** Light, zoom and lens, each only where this camera has it. The light never goes on by itself: glare hides codes. */

import type { JSX } from "preact";
import { t } from "../i18n";
import type { Camera } from "./camera";
import { Icon, type IconName } from "./icons";
import css from "./scanner.module.css";

export function Controls({ camera, urgent }: { camera: Camera; urgent: boolean }): JSX.Element {
  const { torch, zoom } = camera.abilities.value;
  const lit = camera.torch.value;
  const near = camera.zoom.value;
  return (
    <div class={css.controls}>
      {camera.lenses.value.length > 1 && (
        <Control icon="lens" label={t("scanner.lens")} onPress={() => void camera.nextLens()} />
      )}
      {zoom && (
        <>
          <Control icon="minus" label={t("scanner.zoom_out")} disabled={near <= zoom.min} onPress={() => void camera.setZoom(near / 1.4)} />
          <Control icon="plus" label={t("scanner.zoom_in")} disabled={near >= zoom.max} onPress={() => void camera.setZoom(near * 1.4)} />
        </>
      )}
      {torch && <Control icon="torch" label={t("scanner.torch")} pressed={lit} urgent={urgent && !lit} onPress={() => void camera.setTorch(!lit)} />}
    </div>
  );
}

interface ControlProps {
  icon: IconName;
  label: string;
  onPress(): void;
  pressed?: boolean;
  disabled?: boolean;
  urgent?: boolean;
}

function Control({ icon, label, onPress, pressed, disabled, urgent }: ControlProps): JSX.Element {
  return (
    <button
      type="button"
      class={`${css.control} ${urgent ? css.urgent : ""}`}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
