/** A refusal here: what was typed stays, and where only signing in again helps, the way there and back. */

import type { JSX } from "preact";
import type { ApiError } from "../../api/client";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import { Failure, Note } from "../../ui/states";

export function Refused({ error }: { error: ApiError }): JSX.Element {
  return (
    <>
      <Failure code={error.code} params={error.params} kept={t("integrations.kept")} />
      {error.status === 0 && <Note tone="care">{t("integrations.answer_lost")}</Note>}
      {error.code === "identity.step_up" && (
        <div>
          <Button icon="key" href="/login?next=/integrations">
            {t("integrations.sign_in_again")}
          </Button>
        </div>
      )}
    </>
  );
}
