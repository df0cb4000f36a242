/** Where somebody wanted to go before being asked to log in. */

const HOME = "/home";
/** Pages of the app that are worth coming back to. */
const OURS = /^\/(?!api\/|login|register|openapi|metrics|health|ready)/;

/** Only paths of our own: an address of another site in a link must not be opened with our name on it. */
export function whereTo(wanted: string | undefined, origin: string): string {
  if (!wanted?.startsWith("/")) return HOME;
  const url = new URL(wanted, origin);
  const path = url.pathname + url.search;
  return url.origin === origin && OURS.test(path) ? path : HOME;
}
