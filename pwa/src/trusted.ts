/** The one Trusted Types policy: scripts may be started from our own build, and nothing else becomes script. */

/** Built files and the service worker (and, in development alone, sources); everything else on our origin is data. */
const OURS = import.meta.env.MODE === "development" ? /./ : /^\/(assets\/[\w.-]+\.js|sw\.js)$/;

interface Policy {
  createScriptURL(url: string): string;
}

interface Factory {
  createPolicy(name: string, rules: Policy): Policy;
}

/**
 * @returns the address, checked, in the form that `new Worker()` and `serviceWorker.register()` take.
 * @throws TypeError for an address outside our own build.
 */
export function checkedScriptUrl(address: string, origin: string): string {
  const url = new URL(address, origin);
  if (url.origin !== origin || !OURS.test(url.pathname)) throw new TypeError(`not a script of ours: ${address}`);
  return url.href;
}

let policy: Policy | null = null;

/** As {@link checkedScriptUrl}, for browsers with and without Trusted Types. */
export function trustedScriptUrl(address: string): string {
  const rules: Policy = { createScriptURL: (url) => checkedScriptUrl(url, location.origin) };
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  policy ??= factory ? factory.createPolicy("tanba", rules) : rules;
  return policy.createScriptURL(address);
}
