/** The way from a draft to stock: a button, or at once where one came from there. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import type { Act } from "../../api/acts";
import { t } from "../../i18n";
import type { Draft } from "../../store/drafts";
import { Button } from "../../ui/button";
import { Pick } from "./pick";

export function FromStock({ making }: { making: Draft }): JSX.Element {
  const { path, query, route } = useLocation();
  const open = useSignal(Boolean(query.pick));
  const act = async (): Promise<Act> => making.act.value ?? making.save({});
  const close = (): void => {
    open.value = false;
    // From now on the act has an address of its own, which a reload finds.
    if (path === "/acts/new" && making.act.value) route(`/acts/${making.act.value.id}`, true);
  };
  return (
    <>
      <Button icon="stock" onClick={() => (open.value = true)}>
        {t("stock.pick")}
      </Button>
      {open.value && <Pick about={query.pick ?? null} act={act} onDone={() => void making.push()} onClose={close} />}
    </>
  );
}
