/** The project's own lint rules: the arrows between the rooms, one place for each concern, and the form of a file. */

import { isAbsolute, join, relative } from "node:path";
import { arrowFault, isBrowsers, isProgram } from "./rooms.ts";

type Node = Deno.lint.Node;
type Visitor = Deno.lint.LintVisitor;

const ROOT = join(import.meta.dirname ?? ".", "..");

interface Place {
  path: RegExp;
  name: string;
}

const FILES: Place = {
  path: /^(main\.ts|deploy\.ts|gateway\/config\/.*)$/,
  name: "main.ts, deploy.ts and gateway/config/",
};
const HONO: Place = { path: /^(app\.ts|(gateway|dashboard)\/.*)$/, name: "app.ts, gateway/ and dashboard/" };
const RECORDS: Place = { path: /^records\//, name: "records/" };
const STREAMING: Place = { path: /^streaming\//, name: "streaming/" };
/** `gateway/ports.ts` opens nothing, but hands the globals on. */
const CLIENTS: Place = { path: /^(main\.ts|deploy\.ts|gateway\/ports\.ts|providers\/.*)$/, name: "providers/" };
const SCHEMAS: Place = {
  path: /^(gateway\/(config|catalog)\/.*|(dialects|providers)\/(.+[/_])?schema\.ts)$/,
  name: "gateway/config/, gateway/catalog/ and the schemas of a dialect or a provider",
};

/** Where in the program each use may stand. */
const ONLY_HERE: ReadonlyMap<string, Place> = new Map([
  ["Deno.env", FILES],
  ["Deno.readTextFile", FILES],
  ["Deno.readTextFileSync", FILES],
  ["import hono", HONO],
  ["fetch()", CLIENTS],
  ["new WebSocket()", CLIENTS],
  ["setTimeout()", STREAMING],
  ["setInterval()", STREAMING],
  [".getReader()", STREAMING],
  ["new ReadableStream()", STREAMING],
  ["new TransformStream()", STREAMING],
  ["import zod", SCHEMAS],
  ["Deno.openKv", RECORDS],
]);

/** What stands nowhere, and why. */
const NOWHERE: ReadonlyMap<string, string> = new Map([
  [".tee()", "it keeps all that the slower branch has not read: use an observer"],
  ["AbortSignal.any", "it leaks with long-lived signals before Deno 2.7.8: combine them by hand"],
]);

export default {
  name: "anystream",
  rules: {
    "arrows": {
      create: (context) =>
        onImport((specifier, node) => {
          if (!specifier.startsWith(".")) return;
          const from = pathOf(context.filename);
          const to = new URL(specifier, `file:///${from}`).pathname.slice(1);
          const fault = arrowFault(from, to);
          if (fault !== undefined) context.report({ node, message: `Cannot import ${to} here as ${fault}` });
        }),
    },
    "only-here": {
      create(context) {
        const path = pathOf(context.filename);
        if (!isProgram(path) || isBrowsers(path)) return {};
        return onUse((use, node) => {
          const place = ONLY_HERE.get(use);
          if (place === undefined || place.path.test(path)) return;
          context.report({ node, message: `Cannot use ${use} here as its place is ${place.name}` });
        });
      },
    },
    "file-says-what-it-is-for": {
      create: (context) => ({
        Program() {
          const { filename, sourceCode: { text } } = context;
          if (filename.endsWith("_test.ts") || /^(#!.*\n)?\s*\/\*\*[\s*]*[^\s*/]/.test(text)) return;
          const range: Deno.lint.Range = [0, Math.max(text.indexOf("\n"), 0)];
          context.report({
            range,
            message: "Cannot tell what the file is for as it does not begin with a /** sentence */",
          });
        },
      }),
    },
    "no-nested-switch": {
      create: (context) => ({
        "SwitchCase SwitchStatement"(node: Deno.lint.SwitchStatement) {
          context.report({
            node,
            message: "Cannot read two levels of switch: give the inner one a function or a table",
          });
        },
      }),
    },
    "nowhere": {
      create: (context) =>
        onUse((use, node) => {
          const reason = NOWHERE.get(use);
          if (reason !== undefined) context.report({ node, message: `Cannot use ${use} as ${reason}` });
        }),
    },
  },
} satisfies Deno.lint.Plugin;

/** From the project's root, with slashes. */
function pathOf(filename: string): string {
  return (isAbsolute(filename) ? relative(ROOT, filename) : filename).replaceAll("\\", "/");
}

/** Calls back for every import and re-export, static or not, of values or types. */
function onImport(visit: (specifier: string, node: Node) => void): Visitor {
  const source = (node: Node, from: Node | null) => {
    const specifier = from === null ? undefined : stringOf(from);
    if (specifier !== undefined) visit(specifier, node);
  };
  return {
    ImportDeclaration: (node) => source(node, node.source),
    ExportNamedDeclaration: (node) => source(node, node.source),
    ExportAllDeclaration: (node) => source(node, node.source),
    ImportExpression: (node) => source(node, node.source),
    TSImportType: (node) => source(node, node.argument),
  };
}

/** Calls back for every use that a rule may name: `Deno.env`, `fetch()`, `.tee()`, `new WebSocket()`, `import zod`. */
function onUse(visit: (use: string, node: Node) => void): Visitor {
  return {
    ...onImport((specifier, node) => visit(`import ${packageOf(specifier)}`, node)),
    MemberExpression(node) {
      const property = propertyOf(node);
      if (node.object.type === "Identifier" && property !== undefined) visit(`${node.object.name}.${property}`, node);
    },
    CallExpression(node) {
      // Deno's tree has `a?.b()` as a call of the chain, not as a chain that ends in a call.
      const callee = node.callee.type === "ChainExpression" ? node.callee.expression : node.callee;
      const global = globalOf(callee);
      if (global !== undefined) visit(`${global}()`, node);
      else if (callee.type === "MemberExpression") visit(`.${propertyOf(callee)}()`, node);
    },
    NewExpression(node) {
      const global = globalOf(node.callee);
      if (global !== undefined) visit(`new ${global}()`, node);
    },
  };
}

/** `x` for `x` and `globalThis.x`. */
function globalOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return undefined;
  return node.object.name === "globalThis" ? propertyOf(node) : undefined;
}

/** `x` for `.x` and `["x"]`. */
function propertyOf({ property, computed }: Deno.lint.MemberExpression): string | undefined {
  if (!computed && property.type === "Identifier") return property.name;
  return stringOf(property);
}

function stringOf(node: Node): string | undefined {
  if (node.type === "TSLiteralType") return stringOf(node.literal);
  return node.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
}

/** `hono` for `hono`, `hono/cors`, `npm:hono@4/cors`; nothing for a scoped package. */
function packageOf(specifier: string): string {
  return specifier.replace(/^npm:\/?/, "").replace(/[@/].*$/, "");
}
