/** The app: its frame, notices, and the routes. The verify screen comes with it, every other when first opened. */

import { signal } from "@preact/signals";
import { ErrorBoundary, lazy, LocationProvider, Route, Router } from "preact-iso";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import css from "./app.module.css";
import { lang, loadAllWords, loadPaperWords, t } from "./i18n";
import { Notices } from "./notices";
import { Verify } from "./screens/verify";
import { Bar, Sections } from "./shell";
import { showing } from "./store/checking";
import { online } from "./store/network";
import { Button } from "./ui/button";
import { pageTitle } from "./ui/title";

const History = lazy(() => withWords(import("./screens/history")));
const Help = lazy(() => withWords(import("./screens/help")));
/** Behind the QR code on the paper of an act: for everybody, as the scanner is. */
const Authenticity = lazy(async () => {
  await loadPaperWords();
  return import("./screens/authenticity");
});

const Home = cabinet("home");
const Login = cabinet("login");
const Register = cabinet("register");
const Desk = cabinet("desk");
const Organisation = cabinet("organisation");
const Join = cabinet("join");
const Invited = cabinet("invited");
const Account = cabinet("account");
const ConfirmEmail = cabinet("confirmEmail");
const Integrations = cabinet("integrations");
const Webhooks = cabinet("webhooks");
const Inbox = cabinet("inbox");
const Mailbox = cabinet("mailbox");
const Acts = cabinet("acts");
const Meeting = cabinet("meeting");
const Outbox = cabinet("outbox");
const Signed = cabinet("signed");
const Stock = cabinet("stock");

/** Where signatures are asked for; it comes with the first screen that may ask. */
const signHost = signal<ComponentType | null>(null);

type Cabinet = typeof import("./cabinet");

/** One door to all screens of participants, so that consumers load none of what lies behind it, not even its list. */
function cabinet(screen: Exclude<keyof Cabinet, "SignHost" | "beginAct">): ComponentType & { preload: () => Promise<unknown> } {
  return lazy(async () => {
    const all = await import("./cabinet");
    signHost.value = all.SignHost;
    return all[screen]();
  });
}

/** Other screens speak of verdicts too, whose words come after the first paint. */
async function withWords<Screen>(screen: Promise<Screen>): Promise<Screen> {
  await loadAllWords();
  return screen;
}

/** True when the screen that was asked for could not be shown. */
const failed = signal(false);

/** Addresses that are pages of the app; the rest of the origin is the server's. */
const OURS = /^\/(?!api\/|openapi|metrics|health|ready)/;

export function App(): JSX.Element {
  useEffect(() => {
    document.title = pageTitle.value ? `${pageTitle.value} · ${t("app.name")}` : t("app.title");
  }, [lang.value, pageTitle.value]);
  useEffect(() => {
    document.querySelector('meta[name="description"]')?.setAttribute("content", t("app.description"));
    manifestLink().href = `/manifest.${lang.value}.webmanifest`;
  }, [lang.value]);
  const Host = signHost.value;
  return (
    <LocationProvider scope={OURS}>
      <div class={css.shell} data-verdict={showing.value.length > 0}>
        <a class={css.skip} href="#content">
          {t("app.skip")}
        </a>
        <Bar />
        <Sections />
        <main id="content" class={css.content} tabIndex={-1}>
          {failed.value && <Failed />}
          <ErrorBoundary onError={() => (failed.value = true)}>
            <Router onRouteChange={() => (failed.value = false)}>
              <Route path="/" component={Verify} />
              <Route path="/v" component={Verify} />
              <Route path="/01/*" component={Verify} />
              <Route path="/share" component={Verify} />
              <Route path="/history" component={History} />
              <Route path="/help" component={Help} />
              <Route path="/a" component={Authenticity} />
              <Route path="/a/*" component={Authenticity} />
              <Route path="/home" component={Home} />
              <Route path="/login" component={Login} />
              <Route path="/register" component={Register} />
              <Route path="/register/*" component={Register} />
              <Route path="/desk" component={Desk} />
              <Route path="/desk/*" component={Desk} />
              <Route path="/organisation" component={Organisation} />
              <Route path="/organisation/*" component={Organisation} />
              <Route path="/join/*" component={Join} />
              <Route path="/invited" component={Invited} />
              <Route path="/invited/*" component={Invited} />
              <Route path="/account" component={Account} />
              <Route path="/account/email/*" component={ConfirmEmail} />
              <Route path="/account/*" component={Account} />
              <Route path="/integrations" component={Integrations} />
              <Route path="/integrations/webhooks" component={Webhooks} />
              <Route path="/integrations/webhooks/*" component={Webhooks} />
              <Route path="/integrations/*" component={Integrations} />
              <Route path="/acts" component={Acts} />
              <Route path="/acts/*" component={Acts} />
              <Route path="/meet" component={Meeting} />
              <Route path="/meet/*" component={Meeting} />
              <Route path="/stock" component={Stock} />
              <Route path="/stock/*" component={Stock} />
              <Route path="/outbox" component={Outbox} />
              <Route path="/inbox" component={Inbox} />
              <Route path="/inbox/*" component={Inbox} />
              <Route path="/mailbox" component={Mailbox} />
              <Route path="/mailbox/*" component={Mailbox} />
              <Route path="/signed" component={Signed} />
              <Route default component={Missing} />
            </Router>
          </ErrorBoundary>
        </main>
        <Notices />
        {Host && <Host />}
      </div>
    </LocationProvider>
  );
}

/** Made here and not in the page, so that the browser fetches the manifest of one language only. */
function manifestLink(): HTMLLinkElement {
  const there = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
  if (there) return there;
  const link = document.createElement("link");
  link.rel = "manifest";
  document.head.append(link);
  return link;
}

/** A screen broke, or is not on the device yet. Nothing that was checked is lost by it. */
function Failed(): JSX.Element {
  return (
    <div class={css.missing} role="alert">
      <h1>{t(online.value ? "app.failed" : "app.failed_chunk")}</h1>
      <Button kind="primary" icon="renew" onClick={() => location.reload()}>
        {t("app.reload")}
      </Button>
    </div>
  );
}

function Missing(): JSX.Element {
  return (
    <div class={css.missing}>
      <h1>{t("app.not_found")}</h1>
      <Button kind="primary" icon="scan" href="/">
        {t("app.to_scanner")}
      </Button>
    </div>
  );
}
