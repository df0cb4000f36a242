import { expect, test } from "vitest";
import { sortFiles } from "./service-worker";

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
