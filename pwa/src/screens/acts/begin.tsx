/** One's own box or unit was scanned to be checked: one tap puts it into an act. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError } from "../../api/client";
import { isOwn } from "../../api/meetings";
import { t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { close } from "../../store/checking";
import { begunHere, beginWith } from "../../store/drafts";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/states";

export default function Begin({ code }: { code: string }): JSX.Element | null {
  const offered = useSignal(false);
  const begun = useSignal(false);
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  useEffect(() => {
    void begunHere().then((there) => (begun.value = there));
    isOwn(code).then(
      (own) => (offered.value = own),
      // Nobody can be asked: the act will say of each line whether it may go along.
      (error: unknown) => (offered.value = error instanceof ApiError && error.status === 0),
    );
  }, [code]);
  if (!offered.value) return null;
  const start = (): Promise<boolean> =>
    run(async () => {
      await beginWith(code);
      close();
      route("/acts/new");
    });
  return (
    <>
      <Button icon="document" wide busy={busy} onClick={() => void start()}>
        {t(begun.value ? "meeting.add_to_act" : "meeting.begin_act")}
      </Button>
      {failure && <Failure code={failure.code} params={failure.params} />}
    </>
  );
}
