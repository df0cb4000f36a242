import { readFileSync } from "node:fs";
import preact from "@preact/preset-vite";
import { defineConfig } from "vite";
import { packed } from "./build/packed.ts";
import { preloadFonts } from "./build/preload.ts";
import { serviceWorker } from "./build/service-worker.ts";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

export default defineConfig(({ mode }) => ({
  plugins: [
    preact({ prefreshEnabled: false }),
    preloadFonts(),
    serviceWorker({ unregister: mode === "unregister" }),
    packed(),
  ],
  define: { __VERSION__: JSON.stringify(version) },
  build: {
    target: "es2022",
    // The content policy takes no data: fonts or scripts, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  worker: { format: "es" },
  // A busy machine is no failure: tests judge results, never speed.
  test: { include: ["src/**/*.test.{ts,tsx}", "build/**/*.test.ts"], testTimeout: 60_000 },
}));
