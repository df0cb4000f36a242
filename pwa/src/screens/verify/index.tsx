/** The first screen: the scanner, and over it the verdict of what was scanned. */

import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { type RawScan, Scanner, type ScanTone } from "../../scanner";
import { check, close, showing } from "../../store/checking";
import { signedIn } from "../../store/session";
import { t } from "../../i18n";
import { Glyph } from "../../ui/icons";
import { arrival } from "./arrivals";
import { useSpoken } from "./spoken";
import css from "./verify.module.css";
import { loadViews, views } from "./views-loader";

/** The codes last judged, and when their verdict was closed. */
interface Answered {
  texts: string[];
  closedAt: number;
}

/** "Next" must not bring the same verdict again only because the label still lies before the camera. */
const STILL_IN_VIEW = 3_000;

export function Verify(): JSX.Element {
  const { url, route } = useLocation();
  const message = useSignal("");
  const shown = showing.value;
  const opened = useSignal<string | null>(null);
  const alert = useSpoken(opened.value);
  const answered = useRef<Answered>({ texts: [], closedAt: 0 });
  const scan = (found: RawScan): ScanTone | void => {
    // A buyer's own code: what it says is for sellers alone.
    const met = signedIn.value && /\/meet\/[\w-]+$/.exec(found.text);
    if (met) return route(met[0]);
    const { texts, closedAt } = answered.current;
    if (found.source === "camera" && texts.includes(found.text) && Date.now() - closedAt < STILL_IN_VIEW) return "duplicate";
    answered.current = { texts: showing.value.length > 0 ? [...texts, found.text] : [found.text], closedAt: 0 };
    void check(found);
  };
  const next = (again = false): void => {
    if (again) answered.current.texts = [];
    close();
  };

  useEffect(() => {
    const left = new AbortController();
    void arrival(new URL(url, location.origin), { scan, route, say: (words) => (message.value = words), signal: left.signal });
    return () => left.abort();
  }, [url]);

  useBackClosesVerdict(shown.length > 0, route);

  useEffect(() => {
    if (shown.length > 0) void loadViews();
  }, [shown.length > 0]);

  useEffect(() => {
    if (shown.length === 0) {
      opened.value = null;
      answered.current.closedAt = Date.now();
    } else scrollTo(0, 0);
  }, [shown.length === 0, opened.value]);

  const single = shown.length === 1 ? shown[0] : shown.find((one) => one.id === opened.value && one.check);

  const answers = (): JSX.Element => {
    if (!views.value) return <Awaited />;
    const { Verdict, VerdictList } = views.value;
    if (!single?.check) return <VerdictList shown={shown} onOpen={(id) => (opened.value = id)} onNext={next} onScan={scan} />;
    const back = shown.length > 1 ? () => (opened.value = null) : undefined;
    return <Verdict key={single.id} check={single.check} onNext={next} onScan={scan} onBack={back} />;
  };

  return (
    <>
      <p class="visually-hidden" role="alert">
        {alert}
      </p>
      <div class={css.scan} hidden={shown.length > 0}>
        <h1 class="visually-hidden">{t("app.title")}</h1>
        {message.value && (
          <p class={css.message} role="status">
            {message.value}
          </p>
        )}
        <div class={css.scanner}>
          <Scanner active={shown.length === 0} onScan={scan}>
            <span class={css.goal}>{t("app.goes_to")}</span>
          </Scanner>
        </div>
      </div>
      {shown.length > 0 && (single && !single.check ? <Awaited /> : answers())}
    </>
  );
}

/** Between the scan and its answer. */
function Awaited(): JSX.Element {
  return (
    <div class={css.awaited} aria-busy="true">
      <Glyph name="unknown" class={css.awaitedGlyph} />
      <h1>{t("app.checking")}</h1>
    </div>
  );
}

/**
 * The phone's Back button leads from the verdict to the scanner, not out of the app. Closing takes the entry away again; a
 * page that was opened by a link becomes the scanner.
 */
function useBackClosesVerdict(open: boolean, route: (url: string, replace?: boolean) => void): void {
  const entry = useRef<"none" | "ours" | "leaving">("none");
  const wanted = useRef(open);
  wanted.current = open;
  const enter = (): void => {
    history.pushState({ verdict: true }, "", location.href);
    entry.current = "ours";
  };
  useLayoutEffect(() => {
    const popped = (): void => {
      const before = entry.current;
      entry.current = "none";
      // The way back of a closed verdict comes to its end a moment later: it must not close the next one.
      if (before === "leaving" && wanted.current) enter();
      else if (before === "ours") close();
    };
    addEventListener("popstate", popped);
    return () => removeEventListener("popstate", popped);
  }, []);
  useLayoutEffect(() => {
    if (open) {
      if (entry.current === "none") enter();
      return;
    }
    if (entry.current !== "ours") return;
    entry.current = "none";
    if ((history.state as { verdict?: boolean } | null)?.verdict !== true) return;
    if (location.pathname !== "/") return route("/", true);
    entry.current = "leaving";
    history.back();
  }, [open]);
}
