import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

// Imports run shared -> features -> app. A feature never imports another feature: two features meet in app/routes.
const shared = ["src/components/**", "src/hooks/**", "src/lib/**", "src/config/**", "src/messages/**", "src/types/**"];
const forbid = (patterns) => ({ "no-restricted-imports": ["error", { patterns }] });

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "public/", "src/types/api.ts"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-alert": "error",
      "no-console": ["error", { allow: ["error", "warn"] }],
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Text is rendered as text, never as HTML." },
      ],
    },
  },
  {
    files: shared.map((p) => `${p}/*.{ts,tsx}`),
    rules: forbid([{ group: ["@/features/*", "@/app/*"], message: "Shared code knows no feature and no page." }]),
  },
  {
    files: ["src/features/**/*.{ts,tsx}"],
    rules: forbid([
      { group: ["@/app/*"], message: "A feature knows no page." },
      { group: ["@/features/*"], message: "Use a relative import inside a feature; two features meet in app/routes." },
    ]),
  },
  { files: ["scripts/**", "*.js"], languageOptions: { globals: globals.node } },
);
