// An eslint rule: which part of src/ may import which. It resolves the path, so "@/features/cadets" and "../../cadets" are one thing to it.
import { dirname, relative, resolve } from "node:path";

const src = resolve(import.meta.dirname, "../src");

/** "features/cadets", "app" or, for all the rest of src/, "shared". */
function zoneOf(file) {
  const [top, feature] = relative(src, file).split("/");
  if (top === "features") return `features/${feature}`;
  return top === "app" ? "app" : "shared";
}

/** Says what is wrong with importing `source` in `file`, both resolved, or returns null. */
function fault(file, source, target) {
  const from = zoneOf(file);
  const to = zoneOf(target);
  if (from === to) {
    return from !== "shared" && from !== "app" && source.startsWith("@/") ? "Use a relative import inside a feature." : null;
  }
  if (from === "app") return null;
  if (from === "shared") return `Shared code knows no feature and no page: ${to} may import it, not the other way round.`;
  if (to === "app") return "A feature knows no page.";
  if (to !== "shared") return `${from} may not import ${to}: two features meet in app/routes, or share what both need in lib/.`;
  return source.startsWith("@/") ? null : "A relative import stays inside its feature: write @/ for shared code.";
}

export default {
  meta: { type: "problem", schema: [] },
  create(context) {
    const check = (node) => {
      const source = node?.value;
      if (typeof source !== "string" || !(source.startsWith("@/") || source.startsWith("."))) return;
      const target = source.startsWith("@/") ? resolve(src, source.slice(2)) : resolve(dirname(context.filename), source);
      const message = fault(context.filename, source, target);
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
    };
  },
};
