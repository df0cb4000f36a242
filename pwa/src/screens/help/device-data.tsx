/** What the device holds and how old it is: the ground of every answer without network. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { formatDateTime, t } from "../../i18n";
import { askToKeep, type Storage } from "../../store/install";
import { queued } from "../../store/rechecks";
import { refreshTrust, trustIssuedAt } from "../../store/trust";
import { offlineReady } from "../../store/update";
import { Button } from "../../ui/button";
import css from "./help.module.css";
import { KeptKeys } from "./kept-keys";

export function DeviceData(): JSX.Element {
  const storage = useSignal<Storage | null>(null);
  const renewing = useSignal(false);
  useEffect(() => {
    void askToKeep().then((state) => (storage.value = state));
  }, []);

  const renew = async (): Promise<void> => {
    renewing.value = true;
    await refreshTrust(true).catch(() => undefined);
    renewing.value = false;
  };
  const issued = trustIssuedAt.value;
  return (
    <>
      <dl class={css.data}>
        <Row term={t("help.trust")}>
          {issued ? t("help.trust_as_of", { when: formatDateTime(issued) }) : t("help.trust_none")}
        </Row>
        <Row term={t("help.ready")}>{offlineReady.value ? t("help.ready_yes") : t("help.ready_no")}</Row>
        {queued.value > 0 && <Row term={t("help.queue")}>{String(queued.value)}</Row>}
        <Row term={t("help.storage")}>{storage.value ? storageWords(storage.value) : ""}</Row>
        <Row term={t("help.version")}>{__VERSION__}</Row>
      </dl>
      <Button icon="renew" disabled={renewing.value} onClick={() => void renew()}>
        {t("help.trust_renew")}
      </Button>
      <KeptKeys />
    </>
  );
}

function Row({ term, children }: { term: string; children: string }): JSX.Element {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function storageWords({ persisted, used }: Storage): string {
  const state = persisted === null ? "help.storage_unknown" : persisted ? "help.storage_kept" : "help.storage_loose";
  const size = used === null ? "" : ` (${t("help.storage_used", { size: Math.round(used / 100_000) / 10 })})`;
  return t(state) + size;
}
