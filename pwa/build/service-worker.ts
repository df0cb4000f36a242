/**
 * Writes dist/sw.js: src/sw.ts with the list of built files and their hashes in front of it, and with what sends the
 * outbox.
 *
 * `vite build --mode unregister` writes the kill switch instead: a worker that removes its caches and itself.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { build, type Plugin, type ResolvedConfig, type Rolldown, transformWithOxc } from "vite";

/** The door behind which everything of participants lies: these modules, and what nothing else leads to. */
const CABINET = /\/src\/(cabinet|store\/inbox|i18n\/\w+\/participant)\.ts$/;

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

/** @returns the files to keep offline: `shell` at once and together, `later` (with all in `cabinet`) when the page is idle. */
export function sortFiles(files: readonly Built[], cabinet: ReadonlySet<string> = new Set()): { shell: Built[]; later: Built[] } {
  const kept = files.filter((file) => !NEVER.test(file.url));
  const waits = ({ url }: Built): boolean => LATER.test(url) || cabinet.has(url);
  return { shell: kept.filter((file) => !waits(file)), later: kept.filter(waits) };
}

/** What the bundler says of a chunk, as far as it matters here. */
export interface Chunk {
  fileName: string;
  isEntry: boolean;
  facadeModuleId: string | null;
  imports: readonly string[];
  dynamicImports: readonly string[];
  /** Style sheets that come with it. */
  styles: readonly string[];
}

/** @returns addresses of the scripts and style sheets that are reached through the cabinet's door only. */
export function cabinetFiles(chunks: readonly Chunk[]): Set<string> {
  const named = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const open = new Set<Chunk>();
  const visit = (chunk: Chunk | undefined): void => {
    if (!chunk || open.has(chunk) || CABINET.test(chunk.facadeModuleId ?? "")) return;
    open.add(chunk);
    for (const name of [...chunk.imports, ...chunk.dynamicImports]) visit(named.get(name));
  };
  for (const chunk of chunks) if (chunk.isEntry) visit(chunk);
  const files = (some: Iterable<Chunk>): string[] => [...some].flatMap(({ fileName, styles }) => [fileName, ...styles]);
  const everybodys = new Set(files(open));
  return new Set(files(chunks.filter((chunk) => !open.has(chunk))).filter((name) => !everybodys.has(name)).map((name) => `/${name}`));
}

export function serviceWorker({ unregister }: { unregister: boolean }): Plugin {
  let config: ResolvedConfig;
  return {
    name: "tanba-service-worker",
    apply: "build",
    configResolved(resolved) {
      config = resolved;
    },
    async writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? [facts(file)] : []));
      const dist = resolve(config.root, config.build.outDir);
      const source = unregister ? "src/sw.unregister.ts" : "src/sw.ts";
      const { code } = await transformWithOxc(readFileSync(join(config.root, source), "utf8"), source, { lang: "ts" });
      const list = unregister ? "" : `const BUILD = ${JSON.stringify(manifest(dist, cabinetFiles(chunks)))};\n`;
      const outbox = unregister ? "" : (await outboxScript(config.root, config.define)).code;
      // A module to the type checker, a classic script to browsers.
      writeFileSync(join(dist, "sw.js"), list + outbox + code.replace(/^export\s*\{\s*\};?$/m, ""));
    },
  };
}

/** @returns a classic script that makes `OUTBOX`: workers have no modules everywhere, and the content policy no importScripts. */
export async function outboxScript(root: string, define: Record<string, string> = {}): Promise<Rolldown.OutputChunk> {
  const entry = join(root, "src/store/outbox-background.ts");
  const built = await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: "warn",
    define,
    build: { write: false, target: "es2022", lib: { entry, name: "OUTBOX", formats: ["iife"], fileName: "outbox" } },
  });
  const [chunk] = (built as Rolldown.RolldownOutput[])[0]?.output ?? [];
  if (!chunk) throw new Error("the outbox was not built");
  return chunk;
}

/** The bundler's own objects answer through getters, which a spread would miss. */
function facts(chunk: Rolldown.OutputChunk): Chunk {
  const { fileName, isEntry, facadeModuleId, imports, dynamicImports } = chunk;
  return { fileName, isEntry, facadeModuleId, imports, dynamicImports, styles: [...(chunk.viteMetadata?.importedCss ?? [])] };
}

function manifest(dist: string, cabinet: ReadonlySet<string>): { version: string; root: string; shell: Built[]; later: Built[] } {
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
  return { version: whole.digest("hex").slice(0, 12), root: "%TANBA_ROOT%", ...sortFiles(built, cabinet) };
}
