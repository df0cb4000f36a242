/** Codes that come from outside: a Digital Link page, a link with the code in its fragment, another app's share. */

import { parseDigitalLink } from "../../domain/gs1";
import { t } from "../../i18n";
import { type RawScan, readPhoto } from "../../scanner";

export interface Arrivals {
  scan: (scan: RawScan) => void;
  /** Replaces the address. */
  route: (url: string, replace?: boolean) => void;
  say: (words: string) => void;
  signal: AbortSignal;
}

export async function arrival(url: URL, arrivals: Arrivals): Promise<void> {
  const { pathname, searchParams } = url;
  arrivals.say("");
  if (pathname.startsWith("/01/")) return digitalLink(url, arrivals);
  if (pathname === "/v") return fragment(location.hash, arrivals);
  const shared = searchParams.get("shared");
  if (shared === "missed") arrivals.say(t("app.shared_missed"));
  if (shared === "1") await takeShared(arrivals);
}

function digitalLink(url: URL, { scan, say }: Arrivals): void {
  const text = `${location.origin}${url.pathname}`;
  try {
    parseDigitalLink(text, true);
  } catch {
    say(t("app.link_broken"));
    return;
  }
  scan({ text, symbology: null, source: "link", format: "" });
}

/** The whole code, tail and all, stands behind "#" so that it never reaches a log; it does not stay in the address. */
function fragment(hash: string, { scan, say, route }: Arrivals): void {
  const text = decoded(hash.slice(1));
  route("/", true);
  if (text === null) say(t("app.link_broken"));
  else scan({ text, symbology: null, source: "link", format: "" });
}

/** @returns the text of base64url UTF-8, or null. */
export function decoded(base64url: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    return bytes.length > 0 ? new TextDecoder("utf-8", { fatal: true }).decode(bytes) : null;
  } catch {
    return null;
  }
}

/** What the service worker took from another app: a picture to read, or a text that is the code itself. */
async function takeShared({ scan, say, route, signal }: Arrivals): Promise<void> {
  const cache = await caches.open("tanba-shared");
  const found = await cache.match("/shared");
  await cache.delete("/shared");
  route("/", true);
  if (!found) return;
  if (found.headers.get("Content-Type")?.startsWith("text/plain")) {
    scan({ text: (await found.text()).trim(), symbology: null, source: "link", format: "" });
    return;
  }
  say(t("app.shared_reading"));
  const scans = await readPhoto(await found.blob()).catch(() => []);
  if (signal.aborted && scans.length === 0) return;
  say(scans.length > 0 ? "" : t("app.shared_nothing"));
  for (const one of scans) scan({ ...one, source: "photo" });
}
