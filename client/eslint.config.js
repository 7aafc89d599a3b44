import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";
import zones from "./scripts/zones.js";

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
  // Imports run shared -> features -> app. A feature never imports another feature: two features meet in app/routes.
  { files: ["src/**/*.{ts,tsx}"], plugins: { rgms: { rules: { zones } } }, rules: { "rgms/zones": "error" } },
  { files: ["scripts/**", "*.js"], languageOptions: { globals: globals.node } },
);
