/** Builds the lab page alone: `npx vite build --config src/scanner/lab/vite.config.ts --outDir <somewhere>`. */

import { fileURLToPath } from "node:url";
import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [preact({ prefreshEnabled: false })],
  define: { __VERSION__: JSON.stringify("lab") },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  worker: { format: "es" },
});
