/** One's own boxes or units were scanned to be checked: one tap puts them into an act. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError } from "../../api/client";
import { ownOf } from "../../api/meetings";
import { formatNumber, t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { close } from "../../store/checking";
import { begunHere, beginWith } from "../../store/drafts";
import { Button } from "../../ui/button";
import { Failure } from "../../ui/states";

export default function Begin({ codes }: { codes: readonly string[] }): JSX.Element | null {
  const own = useSignal<readonly string[]>([]);
  const begun = useSignal(false);
  const { route } = useLocation();
  const { busy, failure, run } = useAttempt();
  useEffect(() => {
    void begunHere().then((there) => (begun.value = there));
    ownOf(codes).then(
      (found) => (own.value = found),
      // Nobody can be asked: the act will say of each line whether it may go along.
      (error: unknown) => (own.value = error instanceof ApiError && error.status === 0 ? codes : []),
    );
  }, []);
  if (own.value.length === 0) return null;
  const start = (): Promise<boolean> =>
    run(async () => {
      await beginWith(own.value);
      close();
      route("/acts/new");
    });
  const words = codes.length === 1
    ? t(begun.value ? "meeting.add_to_act" : "meeting.begin_act")
    : t(begun.value ? "meeting.add_many_to_act" : "meeting.begin_act_many", { count: formatNumber(own.value.length) });
  return (
    <>
      <Button icon="document" wide busy={busy} onClick={() => void start()}>
        {words}
      </Button>
      {failure && <Failure code={failure.code} params={failure.params} />}
    </>
  );
}
