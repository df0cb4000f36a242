/** A list that comes in pages: the first is kept on the device, the others follow as far as somebody looks. */

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ApiError } from "../../api/client";
import { useAttempt } from "../../store/attempt";
import { type Known, useKept } from "../../store/stock";

interface Paged<Page> {
  pages: Page[];
  first: Signal<Known<Page> | null>;
  failure: ApiError | null;
  again: () => void;
  busy: boolean;
  /** Undefined when nothing follows. */
  more: (() => void) | undefined;
}

export function usePaged<Page extends { next: string | null }>(name: string, ask: (cursor: string | null) => Promise<Page>): Paged<Page> {
  const { known: first, failure, again } = useKept(name, () => ask(null));
  const rest = useSignal<Page[]>([]);
  const { busy, failure: broken, run } = useAttempt();
  useEffect(() => void (rest.value = []), [name, first.value?.at]);
  const pages = first.value ? [first.value.answer, ...rest.value] : [];
  const cursor = pages.at(-1)?.next ?? null;
  const more = (): void =>
    void run(async () => {
      const asked = first.peek()?.at;
      const page = await ask(cursor);
      if (first.peek()?.at === asked) rest.value = [...rest.value, page];
    });
  return { pages, first, failure: failure ?? broken, again, busy, more: cursor && !busy ? more : undefined };
}
