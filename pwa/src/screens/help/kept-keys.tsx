/** Signing keys that this device keeps under a PIN, and erasing them. Who keeps none sees and loads nothing of it. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { loadParticipantWords, t } from "../../i18n";
import { mayKeepKeys } from "../../sign/p12/kept";
import { Button } from "../../ui/button";

type State = "none" | "kept" | "erased" | "failed";

export function KeptKeys(): JSX.Element | null {
  const state = useSignal<State>("none");
  useEffect(() => {
    void anyKept().then((kept) => (state.value = kept ? "kept" : "none"), () => undefined);
  }, []);
  const erase = async (): Promise<void> => {
    const { forgetAll } = await import("../../sign/p12/remembered");
    state.value = await forgetAll().then(() => "erased" as const, () => "failed" as const);
  };
  if (state.value === "none") return null;
  return (
    <>
      <h3>{t("sign.kept_keys")}</h3>
      <p role="status">{t(`sign.keys_${state.value}`)}</p>
      {state.value !== "erased" && (
        <Button kind="danger" icon="bin" onClick={() => void erase()}>
          {t("sign.erase_keys")}
        </Button>
      )}
    </>
  );
}

async function anyKept(): Promise<boolean> {
  if (!(await mayKeepKeys())) return false;
  const [{ list }] = await Promise.all([import("../../sign/p12/remembered"), loadParticipantWords()]);
  return (await list()).length > 0;
}
