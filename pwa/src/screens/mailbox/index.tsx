/** The demo's mailbox: letters that a real installation would send. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { ApiError, call } from "../../api/client";
import type { components } from "../../api/schema";
import { formatDateTime, t } from "../../i18n";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { List, Row } from "../../ui/list";
import { Page } from "../../ui/page";
import { Empty, Failure, Loading, OfflineNote } from "../../ui/states";
import { Letter } from "./letter";

type Box = components["schemas"]["Mailbox"];

export default function Mailbox(): JSX.Element {
  const { path } = useLocation();
  const id = path.split("/")[2];
  return id ? <Letter key={id} id={id} /> : <Letters />;
}

function Letters(): JSX.Element {
  const shown = useSignal<Box | null>(null);
  const failure = useSignal<ApiError | null>(null);
  const busy = useSignal(false);

  async function load(cursor: string | null): Promise<void> {
    busy.value = true;
    try {
      const page = await call<Box>(`/api/v1/mailbox?limit=30${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
      const before = cursor ? (shown.value?.letters ?? []) : [];
      shown.value = { letters: [...before, ...page.letters], next: page.next };
      failure.value = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  useEffect(() => {
    void load(null);
  }, []);

  const letters = shown.value?.letters ?? [];
  return (
    <Page
      title={t("notifications.mailbox")}
      lead={t("notifications.mailbox_hint")}
      actions={
        <Button icon="renew" busy={busy.value} onClick={() => void load(null)}>
          {t("notifications.mailbox_renew")}
        </Button>
      }
    >
      {!online.value && <OfflineNote />}
      {failure.value && <Failure code={failure.value.code} params={failure.value.params} onRetry={() => void load(null)} />}
      {!shown.value && !failure.value && <Loading />}
      {shown.value && letters.length === 0 && <Empty text={t("notifications.mailbox_empty")} />}
      {letters.length > 0 && (
        <List>
          {letters.map((one) => (
            <Row
              key={one.id}
              href={`/mailbox/${one.id}`}
              title={<span lang={one.language}>{one.subject}</span>}
              text={`${t("notifications.mailbox_to", { to: one.to })} · ${formatDateTime(one.created_at)}`}
            />
          ))}
        </List>
      )}
      {shown.value?.next && (
        <Button wide busy={busy.value} onClick={() => void load(shown.value?.next ?? null)}>
          {t("notifications.older")}
        </Button>
      )}
    </Page>
  );
}
