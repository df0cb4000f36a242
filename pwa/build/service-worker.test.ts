import { expect, test } from "vitest";
import { cabinetFiles, type Chunk, outboxScript, sortFiles } from "./service-worker";

const file = (url: string): { url: string; integrity: string } => ({ url, integrity: "sha256-x" });

test("the shell is kept at once, the decoder later, install pictures never", () => {
  const { shell, later } = sortFiles(
    [
      "/",
      "/assets/index-a1.js",
      "/assets/index-a1.css",
      "/assets/kk-a1.js",
      "/assets/onest-russian-a1.woff2",
      "/assets/onest-extended-a1.woff2",
      "/assets/zxing_reader-a1.wasm",
      "/assets/decoder.worker-a1.js",
      "/icons/192.png",
      "/manifest.kk.webmanifest",
      "/shots/wide-kk.png",
      "/robots.txt",
      "/sw.js",
    ].map(file),
  );
  expect(shell.map(({ url }) => url)).toEqual([
    "/",
    "/assets/index-a1.js",
    "/assets/index-a1.css",
    "/assets/kk-a1.js",
    "/assets/onest-russian-a1.woff2",
    "/icons/192.png",
    "/manifest.kk.webmanifest",
  ]);
  expect(later.map(({ url }) => url)).toEqual([
    "/assets/onest-extended-a1.woff2",
    "/assets/zxing_reader-a1.wasm",
    "/assets/decoder.worker-a1.js",
  ]);
});

function chunk(fileName: string, more: Partial<Chunk>): Chunk {
  return { fileName, isEntry: false, facadeModuleId: null, imports: [], dynamicImports: [], styles: [], ...more };
}

test("what only participants reach is kept later, what consumers share with them at once", () => {
  const cabinet = cabinetFiles([
    chunk("assets/index.js", { isEntry: true, imports: ["assets/ui.js"], dynamicImports: ["assets/help.js", "assets/cabinet.js", "assets/participant.js"], styles: ["assets/index.css"] }),
    chunk("assets/ui.js", { styles: ["assets/ui.css"] }),
    chunk("assets/help.js", { imports: ["assets/ui.js"] }),
    chunk("assets/cabinet.js", { facadeModuleId: "/app/src/cabinet.ts", imports: ["assets/ui.js"], dynamicImports: ["assets/home.js"] }),
    chunk("assets/home.js", { imports: ["assets/cabinet.js", "assets/ui.js"], styles: ["assets/home.css", "assets/ui.css"] }),
    chunk("assets/participant.js", { facadeModuleId: "/app/src/i18n/kk/participant.ts" }),
  ]);
  expect([...cabinet].sort()).toEqual(["/assets/cabinet.js", "/assets/home.css", "/assets/home.js", "/assets/participant.js"]);
  const { shell, later } = sortFiles(["/", "/assets/index.js", "/assets/home.js"].map(file), cabinet);
  expect(shell.map(({ url }) => url)).toEqual(["/", "/assets/index.js"]);
  expect(later.map(({ url }) => url)).toEqual(["/assets/home.js"]);
});

test("what sends the outbox without a page is small and brings nothing of the screens along", async () => {
  const { code, moduleIds } = await outboxScript(process.cwd(), { __VERSION__: '"1"' });
  const ours = moduleIds.filter((id) => id.includes("/src/")).map((id) => id.split("/src/")[1]);
  expect(ours.sort()).toEqual(["api/client.ts", "store/db.ts", "store/outbox-answers.ts", "store/outbox-background.ts", "store/outbox-sending.ts"]);
  expect(moduleIds.some((id) => /preact/.test(id))).toBe(false);
  expect(code).toMatch(/^var OUTBOX=/);
  expect(code).not.toMatch(/\bimport\b|\bexport\b|__VERSION__/);
  expect(code.length).toBeLessThan(12_000);
});
