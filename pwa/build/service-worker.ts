/**
 * Writes dist/sw.js: src/sw.ts with the list of built files and their hashes in front of it.
 *
 * `vite build --mode unregister` writes the kill switch instead: a worker that removes its caches and itself.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Plugin, type ResolvedConfig, transformWithOxc } from "vite";

export interface Built {
  /** Path on the server, beginning with a slash. */
  url: string;
  /** Subresource integrity value; null for the shell, into which the server puts its root key. */
  integrity: string | null;
}

/** Read once the page stands: the decoder is a megabyte and must not compete with the first paint. */
const LATER = /\.wasm$|\.worker-|onest-(accented|extended|tenge)/;
/** Never needed without network: install-time pictures, and what only machines read. */
const NEVER = /^\/(shots|sw\.js|robots\.txt|favicon)|\.(gz|br)$/;

/** @returns the files to keep offline: `shell` at once and together, `later` when the page is idle. */
export function sortFiles(files: readonly Built[]): { shell: Built[]; later: Built[] } {
  const kept = files.filter((file) => !NEVER.test(file.url));
  return { shell: kept.filter((file) => !LATER.test(file.url)), later: kept.filter((file) => LATER.test(file.url)) };
}

export function serviceWorker({ unregister }: { unregister: boolean }): Plugin {
  let config: ResolvedConfig;
  return {
    name: "tanba-service-worker",
    apply: "build",
    configResolved(resolved) {
      config = resolved;
    },
    async writeBundle() {
      const dist = resolve(config.root, config.build.outDir);
      const source = unregister ? "src/sw.unregister.ts" : "src/sw.ts";
      const { code } = await transformWithOxc(readFileSync(join(config.root, source), "utf8"), source, { lang: "ts" });
      const list = unregister ? "" : `const BUILD = ${JSON.stringify(manifest(dist))};\n`;
      // A module to the type checker, a classic script to browsers.
      writeFileSync(join(dist, "sw.js"), list + code.replace(/^export\s*\{\s*\};?$/m, ""));
    },
  };
}

function manifest(dist: string): { version: string; root: string; shell: Built[]; later: Built[] } {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const whole = createHash("sha256");
  const built = files.map((file): Built => {
    const bytes = readFileSync(file);
    const path = "/" + relative(dist, file).replaceAll("\\", "/");
    if (!NEVER.test(path)) whole.update(path).update(bytes);
    if (path === "/index.html") return { url: "/", integrity: null };
    return { url: path, integrity: "sha256-" + createHash("sha256").update(bytes).digest("base64") };
  });
  // A new root key changes these bytes too, once the server has put it in, so that the pinned shell is fetched anew.
  return { version: whole.digest("hex").slice(0, 12), root: "%TANBA_ROOT%", ...sortFiles(built) };
}
