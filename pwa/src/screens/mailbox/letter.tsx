/** One letter as plain text; addresses in it that are ours can be followed. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError, call } from "../../api/client";
import type { components } from "../../api/schema";
import { formatDateTime, t } from "../../i18n";
import { Page } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";
import css from "./mailbox.module.css";
import { parts } from "./parts";

type Content = components["schemas"]["LetterOut"];

export function Letter({ id }: { id: string }): JSX.Element {
  const shown = useSignal<Content | null>(null);
  const failure = useSignal<ApiError | null>(null);

  async function load(): Promise<void> {
    failure.value = null;
    try {
      shown.value = await call<Content>(`/api/v1/mailbox/${encodeURIComponent(id)}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    }
  }

  useEffect(() => {
    void load();
  }, []);

  const letter = shown.value;
  return (
    <Page
      key={letter?.id}
      title={letter?.subject ?? t("notifications.mailbox")}
      lead={letter ? `${t("notifications.mailbox_to", { to: letter.to })} · ${formatDateTime(letter.created_at)}` : undefined}
      back={{ href: "/mailbox", text: t("notifications.mailbox_back") }}
    >
      {failure.value && <Failure code={failure.value.code} params={failure.value.params} onRetry={() => void load()} />}
      {!letter && !failure.value && <Loading rows={5} />}
      {letter && (
        <article class={css.paper} lang={letter.language}>
          {letter.text
            .trim()
            .split("\n\n")
            .map((paragraph) => (
              <p key={paragraph}>
                {parts(paragraph, location.origin).map(({ text, href }) =>
                  href ? (
                    <a key={text} href={href}>
                      {text}
                    </a>
                  ) : (
                    text
                  ),
                )}
              </p>
            ))}
        </article>
      )}
    </Page>
  );
}
