/** The app: its frame, notices, and the routes. The verify screen comes with it, every other when first opened. */

import { signal } from "@preact/signals";
import { ErrorBoundary, lazy, LocationProvider, Route, Router } from "preact-iso";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import css from "./app.module.css";
import { lang, loadAllWords, loadParticipantWords, t } from "./i18n";
import { Notices } from "./notices";
import { Verify } from "./screens/verify";
import { Bar, Sections } from "./shell";
import { SignHost } from "./sign";
import { showing } from "./store/checking";
import { online } from "./store/network";
import { Button } from "./ui/button";

const History = lazy(() => withWords(import("./screens/history")));
const Help = lazy(() => withWords(import("./screens/help")));

const Home = lazy(() => forSignedIn(import("./screens/home")));
const Login = lazy(() => withParticipantWords(import("./screens/login")));
const Register = lazy(() => withParticipantWords(import("./screens/register")));
const Desk = lazy(() => forSignedIn(import("./screens/desk")));
const Organisation = lazy(() => forSignedIn(import("./screens/organisation")));
const Join = lazy(() => withParticipantWords(import("./screens/organisation")));
const Account = lazy(() => forSignedIn(import("./screens/account")));
const Integrations = lazy(() => forSignedIn(import("./screens/integrations")));
const Inbox = lazy(() => forSignedIn(import("./screens/inbox")));
const Mailbox = lazy(() => withParticipantWords(import("./screens/mailbox")));
const Signed = lazy(() => withParticipantWords(import("./sign/signed")));

/** Other screens speak of verdicts too, whose words come after the first paint. */
async function withWords<Screen>(screen: Promise<Screen>): Promise<Screen> {
  await loadAllWords();
  return screen;
}

/** Consumers never load what only participants read. */
async function withParticipantWords<Screen>(screen: Promise<Screen>): Promise<Screen> {
  await loadParticipantWords();
  return screen;
}

/** As above, for whoever is signed in; others go to log in first. */
async function forSignedIn<Screen extends { default: ComponentType }>(screen: Promise<Screen>): Promise<{ default: ComponentType }> {
  const [{ default: inside }, { guarded }] = await Promise.all([withParticipantWords(screen), import("./signed-in")]);
  return { default: guarded(inside) };
}

/** True when the screen that was asked for could not be shown. */
const failed = signal(false);

/** Addresses that are pages of the app; the rest of the origin is the server's. */
const OURS = /^\/(?!api\/|openapi|metrics|health|ready)/;

export function App(): JSX.Element {
  useEffect(() => {
    document.title = t("app.title");
    document.querySelector('meta[name="description"]')?.setAttribute("content", t("app.description"));
    manifestLink().href = `/manifest.${lang.value}.webmanifest`;
  }, [lang.value]);
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
              <Route path="/home" component={Home} />
              <Route path="/login" component={Login} />
              <Route path="/register/*" component={Register} />
              <Route path="/desk/*" component={Desk} />
              <Route path="/organisation/*" component={Organisation} />
              <Route path="/join/*" component={Join} />
              <Route path="/account/*" component={Account} />
              <Route path="/integrations/*" component={Integrations} />
              <Route path="/inbox/*" component={Inbox} />
              <Route path="/mailbox/*" component={Mailbox} />
              <Route path="/signed" component={Signed} />
              <Route default component={Missing} />
            </Router>
          </ErrorBoundary>
        </main>
        <Notices />
        <SignHost />
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
