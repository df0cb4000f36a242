/** The states of every list and form: it comes, there is nothing, it failed, the network is gone. */

import type { ComponentChildren, JSX } from "preact";
import { type Key, t, tCode } from "../i18n";
import { Button } from "./button";
import { Icon, Tamga } from "./icons";
import css from "./states.module.css";

/** Rows of the coming list, drawn in grey. */
export function Loading({ rows = 3 }: { rows?: number }): JSX.Element {
  return (
    <div class={css.loading} role="status">
      <span class="visually-hidden">{t("app.loading")}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class={css.bone} />
      ))}
    </div>
  );
}

/** Nothing here yet: one sentence and the one thing to do. */
export function Empty({ text, children }: { text: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class={css.empty}>
      <Tamga class={css.tamga} />
      <p>{text}</p>
      {children}
    </div>
  );
}

interface FailureProps {
  /** `domain.what`, as the server or the client of the API says it. */
  code: string;
  params?: Record<string, string | number>;
  /** What was kept, when something was. */
  kept?: string;
  onRetry?: (() => void) | undefined;
}

/** What happened, what was kept, what to do. */
export function Failure({ code, params = {}, kept, onRetry }: FailureProps): JSX.Element {
  return (
    <div class={css.failure} role="alert">
      <Icon name="alert" size={26} />
      <div class={css.words}>
        <p>{tCode(`errors.${code}`, "errors.request.unexpected" as Key, params)}</p>
        {kept && <p class={css.kept}>{kept}</p>}
        {onRetry && (
          <Button icon="renew" onClick={onRetry}>
            {t("app.retry")}
          </Button>
        )}
      </div>
    </div>
  );
}

type Tone = "quiet" | "ok" | "care" | "stop";

/** A word to know before going on. */
export function Note({ tone = "quiet", title, children }: { tone?: Tone; title?: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class={css.note} data-tone={tone}>
      {title && <p class={css.noteTitle}>{title}</p>}
      {children}
    </div>
  );
}

/** Stands over what was loaded earlier, while the server is away. */
export function OfflineNote({ text }: { text?: string }): JSX.Element {
  return (
    <p class={css.offline} role="status">
      <Icon name="offline" size={20} />
      {text ?? t("app.offline_note")}
    </p>
  );
}
