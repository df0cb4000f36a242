/** What happened, unread first. Opening one reads it; nothing here is the only place where something is said. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ApiError, newKey } from "../../api/client";
import { t } from "../../i18n";
import { loadInbox, markAllRead, markRead, type Notification, unread } from "../../store/inbox";
import { online } from "../../store/network";
import { Button } from "../../ui/button";
import { List } from "../../ui/list";
import { Page, Section } from "../../ui/page";
import { Empty, Failure, Loading, OfflineNote } from "../../ui/states";
import { Line } from "./line";
import { PushCard } from "./push-card";

interface Shown {
  rows: Notification[];
  next: string | null;
}

export function Inbox(): JSX.Element {
  const shown = useSignal<Shown | null>(null);
  const failure = useSignal<ApiError | null>(null);
  const busy = useSignal(false);

  async function load(cursor: string | null): Promise<void> {
    busy.value = true;
    try {
      const page = await loadInbox(cursor);
      const before = cursor ? (shown.value?.rows ?? []) : [];
      const known = new Set(before.map(({ id }) => id));
      shown.value = { rows: [...before, ...page.notifications.filter(({ id }) => !known.has(id))], next: page.next };
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
  useEffect(() => {
    // Something new has come while the list is open.
    const waiting = shown.value?.rows.filter((one) => !one.read_at).length ?? 0;
    if (shown.value && unread.value > waiting && !shown.value.next && !busy.value) void load(null);
  }, [unread.value]);

  function mark(ids: ReadonlySet<string>): void {
    const now = new Date().toISOString();
    const rows = shown.value?.rows.map((one) => (ids.has(one.id) && !one.read_at ? { ...one, read_at: now } : one));
    if (shown.value && rows) shown.value = { ...shown.value, rows };
  }

  async function open(one: Notification): Promise<void> {
    if (one.read_at) return;
    try {
      await markRead(one.id, newKey());
      mark(new Set([one.id]));
    } catch (error) {
      // It stays unread, which harms nobody.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async function readAll(): Promise<void> {
    const ids = shown.value?.rows.map(({ id }) => id) ?? [];
    const newest = [...ids].sort().at(-1);
    if (!newest) return;
    busy.value = true;
    try {
      await markAllRead(newest, newKey());
      mark(new Set(ids));
      failure.value = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  const rows = shown.value?.rows ?? [];
  const fresh = rows.filter((one) => !one.read_at);
  const old = rows.filter((one) => one.read_at);
  return (
    <Page
      title={t("notifications.title")}
      actions={
        <Button icon="bell" href="/inbox/choices">
          {t("notifications.choices")}
        </Button>
      }
    >
      {!online.value && <OfflineNote />}
      {failure.value && <Failure code={failure.value.code} params={failure.value.params} onRetry={() => void load(null)} />}
      {!shown.value && !failure.value && <Loading />}
      {shown.value && rows.length === 0 && <Empty text={t("notifications.empty")} />}
      {fresh.length > 0 && (
        <Section
          title={t("notifications.unread")}
          actions={
            <Button kind="plain" icon="done" busy={busy.value} onClick={() => void readAll()}>
              {t("notifications.read_all")}
            </Button>
          }
        >
          <List>
            {fresh.map((one) => (
              <Line key={one.id} notification={one} onOpen={() => void open(one)} />
            ))}
          </List>
        </Section>
      )}
      {rows.length > 0 && <PushCard />}
      {old.length > 0 && (
        <Section title={t("notifications.read")}>
          <List>
            {old.map((one) => (
              <Line key={one.id} notification={one} onOpen={() => undefined} />
            ))}
          </List>
        </Section>
      )}
      {shown.value?.next && (
        <Button wide busy={busy.value} onClick={() => void load(shown.value?.next ?? null)}>
          {t("notifications.older")}
        </Button>
      )}
    </Page>
  );
}
