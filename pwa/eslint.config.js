import tseslint from "typescript-eslint";

const layers = ["screens", "verdict", "goods", "scanner", "sign", "store", "api", "ui", "i18n", "domain"];

/** Which folders of src/ a folder may import; what is not named here is refused. */
const mayImport = {
  screens: ["verdict", "goods", "scanner", "sign", "store", "api", "ui", "i18n", "domain"],
  verdict: ["store", "api", "ui", "i18n", "domain"],
  goods: ["store", "api", "ui", "i18n", "domain"],
  scanner: ["api", "ui", "i18n", "domain"],
  sign: ["store", "api", "ui", "i18n", "domain"],
  store: ["api", "domain"],
  api: ["domain"],
  ui: ["i18n"],
  i18n: [],
  domain: [],
};

const borders = layers.map((layer) => {
  const refused = layers.filter((other) => other !== layer && !mayImport[layer].includes(other));
  const patterns = refused.map((other) => ({
    regex: `^(\\.\\./)+${other}(/|$)`,
    message: `${layer}/ must not import ${other}/.`,
  }));
  if (layer === "screens") {
    patterns.push({
      regex: `^\\.\\./(?!\\.\\./)`,
      message: "A screen never imports a screen.",
    });
  }
  return { files: [`src/${layer}/**/*.{ts,tsx}`], rules: { "no-restricted-imports": ["error", { patterns }] } };
});

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "src/api/schema.d.ts"] },
  ...tseslint.configs.strict,
  {
    rules: {
      "max-lines": ["error", { max: 400 }],
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/unified-signatures": "off",
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  ...borders,
);
