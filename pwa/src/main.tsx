import { render } from "preact";
import { App } from "./app";
import { watchBadge } from "./badge";
import { loadFirstLanguage } from "./i18n";
import { loadViews } from "./screens/verify/views-loader";
import { applyTheme } from "./store/appearance";
import { loadGroups } from "./store/groups";
import { watchInstall } from "./store/install";
import { onReconnect, watchNetwork } from "./store/network";
import { count, runRechecks } from "./store/rechecks";
import { loadMe, wasSignedIn, watchSession } from "./store/session";
import { refreshTrust, trustList } from "./store/trust";
import { startServiceWorker } from "./store/update";
import "./ui/base.css";

applyTheme();
watchNetwork();
watchInstall();
watchSession();

function afterFirstPaint(work: () => void): void {
  requestAnimationFrame(() => setTimeout(work, 0));
}

/** When the camera has started and nothing moves; Safari has no idle callback. */
function whenIdle(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 3000 });
  else setTimeout(work, 1000);
}

/** Quietly, whenever there is a network: fresh names, fresh keys, answers that are still owed. */
function catchUp(): void {
  void loadViews();
  void loadGroups();
  void refreshTrust().catch(() => undefined);
  void runRechecks();
  if (!wasSignedIn()) return;
  void loadMe();
  // What was done without network goes out wherever the app is opened, but consumers load nothing for it.
  void import("./store/outbox").then(({ startOutbox }) => startOutbox());
}

void loadFirstLanguage().then(() => {
  const root = document.getElementById("app");
  root?.replaceChildren();
  if (root) render(<App />, root);
  afterFirstPaint(() => {
    void loadViews();
    whenIdle(() => {
      void startServiceWorker();
      void trustList();
      void count();
      catchUp();
      watchBadge();
      onReconnect(catchUp);
    });
  });
});
