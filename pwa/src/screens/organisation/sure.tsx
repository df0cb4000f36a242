/** Asks once more before something that is felt at once. */

import type { JSX } from "preact";
import type { ApiError } from "../../api/client";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/sheet";
import { Failure } from "../../ui/states";

interface SureProps {
  title: string;
  text: string;
  /** What the button says. */
  action: string;
  busy: boolean;
  failure: ApiError | null;
  onClose: () => void;
  onSure: () => Promise<void>;
}

export function Sure({ title, text, action, busy, failure, onClose, onSure }: SureProps): JSX.Element {
  return (
    <Sheet
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="danger" busy={busy} onClick={() => void onSure()}>
            {action}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      {failure && <Failure code={failure.code} params={failure.params} />}
    </Sheet>
  );
}
