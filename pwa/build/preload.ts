/** Puts preload links for the fonts of the first paint into index.html: their hashed names are known only after the build. */

import type { Plugin } from "vite";

/** Cyrillic first: the app opens in Kazakh or Russian, and its letters must not arrive one by one. */
const FIRST = /onest-(russian|kazakh|latin)-[\w-]+\.woff2$/;

export function preloadFonts(): Plugin {
  return {
    name: "tanba-preload-fonts",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        return Object.keys(bundle ?? {})
          .filter((name) => FIRST.test(name))
          .sort()
          .reverse()
          .map((name) => ({
            tag: "link",
            attrs: { rel: "preload", as: "font", type: "font/woff2", href: `/${name}`, crossorigin: "" },
            injectTo: "head" as const,
          }));
      },
    },
  };
}
