/** A refusal; where only signing in again helps, the way there and back. */

import type { JSX } from "preact";
import type { ApiError } from "../../api/client";
import { t } from "../../i18n";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/states";

export function Refused({ error, kept, onRetry }: { error: ApiError; kept?: string; onRetry?: () => void }): JSX.Element {
  return (
    <>
      <Failure code={error.code} params={error.params} {...(kept ? { kept } : {})} onRetry={error.passing ? onRetry : undefined} />
      {error.code === "identity.step_up" && (
        <div>
          <Button icon="key" href="/login?next=/account">
            {t("account.sign_in_again")}
          </Button>
        </div>
      )}
    </>
  );
}
