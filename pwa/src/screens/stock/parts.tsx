/** What several screens of stock have in common. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ApiError } from "../../api/client";
import { formatDateTime, t } from "../../i18n";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { Failure, Loading, OfflineNote } from "../../ui/states";
import css from "./stock.module.css";

interface StandProps {
  /** Milliseconds: when what is shown was so; null when nothing is shown. */
  at: number | null;
  failure: ApiError | null;
  again: () => void;
}

/** How fresh it is, what failed, or that it is coming. */
export function Stand({ at, failure, again }: StandProps): JSX.Element {
  const known = at !== null;
  return (
    <>
      {!online.value && known && <OfflineNote text={t("stock.as_of", { time: formatDateTime(at) })} />}
      {failure && !(known && failure.status === 0) && <Failure code={failure.code} params={failure.params} onRetry={again} />}
      {!known && !failure && <Loading rows={4} />}
    </>
  );
}

/** Loads the next page when the end of the list comes near; a button for whoever does not scroll. */
export function More({ more, busy }: { more: (() => void) | undefined; busy: boolean }): JSX.Element | null {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(more);
  latest.current = more;
  useEffect(() => {
    if (!end.current || !more) return undefined;
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && latest.current?.(), { rootMargin: "600px" });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [more === undefined]);
  if (!more && !busy) return null;
  return (
    <div ref={end}>
      <Button wide busy={busy} onClick={() => more?.()}>
        {t("app.more")}
      </Button>
    </div>
  );
}

interface LineProps {
  href: string;
  name: string;
  text?: string;
  side?: ComponentChildren;
}

/** A row of a long list; all are equally high. */
export function Line({ href, name, text, side }: LineProps): JSX.Element {
  return (
    <a class={css.row} href={href}>
      <span class={css.words}>
        <span class={css.name}>{name}</span>
        {text && <span class={css.quiet}>{text}</span>}
      </span>
      {side !== undefined && <span class={css.number}>{side}</span>}
    </a>
  );
}
