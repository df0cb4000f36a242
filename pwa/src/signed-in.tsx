/** Around every screen of the signed-in: whoever is not goes to log in and comes back. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "./i18n";
import { answered, loadMe, me, wasSignedIn } from "./store/session";
import { online } from "./store/network";
import { Page } from "./ui/page";
import { Failure, Loading } from "./ui/states";

type Screen = ComponentType<Record<string, unknown>>;

export function guarded(Inside: Screen): Screen {
  return function Guarded(props) {
    return me.value ? <Inside {...props} /> : <Outside />;
  };
}

/** Nobody is signed in as far as this device knows; where it cannot know, the server is asked. */
function Outside(): JSX.Element | null {
  const { url, route } = useLocation();
  const failed = useSignal(false);
  const ask = async (): Promise<void> => {
    failed.value = false;
    await loadMe();
    failed.value = !answered.value;
  };
  const known = answered.value || !wasSignedIn();
  useEffect(() => {
    if (known && !me.value) route(`/login?next=${encodeURIComponent(url)}`, true);
    else if (!known) void ask();
  }, [known]);
  return (
    <Page title={t("app.home")}>
      {failed.value ? <Failure code={online.value ? "request.unexpected" : "network.unreachable"} onRetry={() => void ask()} /> : <Loading />}
    </Page>
  );
}
