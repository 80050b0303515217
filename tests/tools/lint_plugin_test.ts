/** Every rule of the lint plugin, with what it lets pass and what it finds. */

import { deepEqual, match } from "node:assert/strict";
import { join } from "node:path";
import plugin from "../../tools/lint_plugin.ts";

/** The rules that find something, in the order of the source. */
function found(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, path, `/** A file. */\n${source}\n`).map(({ id }) => id.replace("anystream/", ""));
}

const imports: [from: string, to: string, allowed: boolean][] = [
  ["main.ts", "./app.ts", true],
  ["deploy.ts", "./gateway/config/mod.ts", true],
  ["app.ts", "./dialects/openai_chat/mod.ts", true],
  ["gateway/answer.ts", "../providers/provider.ts", true],
  ["gateway/answer.ts", "../records/mod.ts", true],
  ["providers/langfast/mod.ts", "../../dialects/dialect.ts", true],
  ["dialects/dialect.ts", "../streaming/frame.ts", true],
  ["streaming/pace.ts", "../chat/event.ts", true],
  ["chat/event.ts", "./usage.ts", true],
  ["gateway/version.ts", "../deno.jsonc", true],
  ["dialects/anthropic/mod.ts", "../call_id.ts", true],
  ["dialects/anthropic/mod.ts", "./schema.ts", true],
  ["dialects/all.ts", "./anthropic/mod.ts", true],
  ["tests/app_test.ts", "../main.ts", true],
  ["bench/run.ts", "../streaming/pull.ts", true],
  ["tools/a.ts", "../tests/support/b.ts", true],

  ["main.ts", "./deploy.ts", false],
  ["app.ts", "./main.ts", false],
  ["gateway/answer.ts", "../app.ts", false],
  ["providers/demo/mod.ts", "../../gateway/ports.ts", false],
  ["providers/provider.ts", "../records/mod.ts", false],
  ["records/mod.ts", "../providers/provider.ts", false],
  ["dashboard/mod.ts", "../records/mod.ts", false],
  ["dialects/dialect.ts", "../providers/provider.ts", false],
  ["streaming/pace.ts", "../dialects/dialect.ts", false],
  ["chat/event.ts", "../streaming/pull.ts", false],
  ["dialects/anthropic/mod.ts", "../gemini/mod.ts", false],
  ["dialects/anthropic/a/b.ts", "../../gemini/a/b.ts", false],
  ["gateway/answer.ts", "../tests/support/fake_time.ts", false],
  ["main.ts", "./bench/run.ts", false],
];
for (const [from, to, allowed] of imports) {
  Deno.test(`arrows: ${from} ${allowed ? "may" : "may not"} import ${to}`, () => {
    deepEqual(found(from, `import { a } from "${to}";`), allowed ? [] : ["arrows"]);
  });
}

Deno.test("arrows: every form of import is seen", () => {
  for (
    const source of [
      'import "../app.ts";',
      'import type { A } from "../app.ts";',
      'export { a } from "../app.ts";',
      'export * from "../app.ts";',
      'const a = await import("../app.ts");',
      'type A = import("../app.ts").A;',
    ]
  ) deepEqual(found("chat/a.ts", source), ["arrows"], source);
  deepEqual(found("chat/a.ts", "export const a = 1; const b = await import(a);"), []);
  deepEqual(found("chat/a.ts", 'import "https://example.com/app.ts";'), []);
});

Deno.test("arrows: a file is known by its place in the project, wherever the project lies", () => {
  const root = join(import.meta.dirname!, "../..");
  deepEqual(found(join(root, "chat/a.ts"), 'import "../app.ts";'), ["arrows"]);
  deepEqual(found(join(root, "tests/chat/a.ts"), 'import "../app.ts";'), []);
});

Deno.test("arrows: the message names the file and the reason", () => {
  const [diagnostic] = Deno.lint.runPlugin(plugin, "chat/a.ts", '/** A. */\nimport "../app.ts";');
  match(diagnostic!.message, /^Cannot import app\.ts here as arrows go main, deploy → app → gateway/);
});

/** One file of every place that a rule distinguishes. */
const paths = [
  "main.ts",
  "deploy.ts",
  "app.ts",
  "gateway/serve.ts",
  "gateway/ports.ts",
  "gateway/config/load.ts",
  "gateway/catalog/read.ts",
  "providers/reach.ts",
  "providers/polling/schema.ts",
  "records/kv.ts",
  "dashboard/page.tsx",
  "dialects/json.ts",
  "dialects/gemini/mod.ts",
  "dialects/gemini/schema.ts",
  "dialects/gemini/answer_schema.ts",
  "streaming/timer.ts",
  "chat/event.ts",
];
const files = ["main.ts", "deploy.ts", "gateway/config/load.ts"];
const hono = ["app.ts", "dashboard/page.tsx", ...paths.filter((path) => path.startsWith("gateway/"))];
const clients = ["main.ts", "deploy.ts", "gateway/ports.ts", "providers/reach.ts", "providers/polling/schema.ts"];
const schemas = [
  ...["dialects/gemini/schema.ts", "dialects/gemini/answer_schema.ts", "providers/polling/schema.ts"],
  ...["gateway/config/load.ts", "gateway/catalog/read.ts"],
];
const uses: [source: string, allowed: string[]][] = [
  ['Deno.env.get("A");', files],
  ['Deno["env"].get("A");', files],
  ['await Deno.readTextFile("a");', files],
  ['Deno.readTextFileSync("a");', files],
  ['import { Hono } from "hono";', hono],
  ['import { cors } from "hono/cors";', hono],
  ['import { Hono } from "npm:hono@4";', hono],
  ['await fetch("a");', clients],
  ['await globalThis.fetch("a");', clients],
  ['new WebSocket("a");', clients],
  ["setTimeout(a, 1);", ["streaming/timer.ts"]],
  ["setInterval(a, 1);", ["streaming/timer.ts"]],
  ["body?.getReader();", ["streaming/timer.ts"]],
  ["new ReadableStream();", ["streaming/timer.ts"]],
  ["new globalThis.TransformStream();", ["streaming/timer.ts"]],
  ['import { z } from "zod";', schemas],
  ['import type { z } from "zod/v4";', schemas],
  ["await Deno.openKv();", ["records/kv.ts"]],
];
for (const [source, allowed] of uses) {
  Deno.test(`only-here: ${source} stands only where it may`, () => {
    for (const path of paths) deepEqual(found(path, source), allowed.includes(path) ? [] : ["only-here"], path);
    for (const path of ["tests/a.ts", "bench/a.ts", "tools/a.ts"]) deepEqual(found(path, source), [], path);
  });
}

Deno.test("only-here: methods and properties of the same name, and other packages, are no concern", () => {
  for (
    const source of [
      'ports.fetch("a");',
      "clock.setTimeout(a, 1);",
      "Deno.version;",
      "deno.env;",
      "new ports.WebSocket(a);",
      'import "honorary";',
      'import "@zod/mini";',
      "Deno[env];",
      "type A = ReturnType<typeof setTimeout>;",
    ]
  ) deepEqual(found("chat/a.ts", source), [], source);
});

Deno.test("only-here: what a browser runs opens its own connections, but knows the rooms like the rest", () => {
  deepEqual(found("dashboard/keys/main.js", 'await fetch("a"); setTimeout(a, 1);'), []);
  deepEqual(found("dashboard/keys/page.ts", 'await fetch("a");'), ["only-here"]);
  deepEqual(found("gateway/main.js", 'await fetch("a");'), ["only-here"]);
  deepEqual(found("dashboard/keys/main.js", 'import "../../records/store.ts";'), ["arrows"]);
});

Deno.test("file-says-what-it-is-for: the first token is a comment that says something", () => {
  const rules = (source: string, path = "chat/a.ts") => Deno.lint.runPlugin(plugin, path, source).map(({ id }) => id);
  for (const source of ["/** A. */", "/**\n * A.\n */\nlet a;", "\n/** A. */", "#!/usr/bin/env deno\n/** A. */"]) {
    deepEqual(rules(source), [], source);
  }
  for (
    const source of ["", "let a;\n/** A. */", "// A.\nlet a;", "/* A. */\nlet a;", "/** */\nlet a;", "/***/ let a;"]
  ) {
    deepEqual(rules(source), ["anystream/file-says-what-it-is-for"], source);
  }
  deepEqual(rules("let a;", "tests/chat/a_test.ts"), []);
  deepEqual(rules("let a;", "tests/support/a.ts").length, 1);
});

Deno.test("no-nested-switch: a switch inside a case is found, one beside it or behind a function's name is not", () => {
  const inner = "switch (b) { default: }";
  deepEqual(found("chat/a.ts", `switch (a) { case 1: ${inner} }`), ["no-nested-switch"]);
  deepEqual(found("tests/a.ts", `switch (a) { default: { if (a) { ${inner} } } }`), ["no-nested-switch"]);
  deepEqual(found("chat/a.ts", `switch (a) { default: } ${inner}`), []);
  deepEqual(found("chat/a.ts", `switch (a) { case 1: f(); } function f() { ${inner} }`), []);
});

Deno.test("nowhere: tee and AbortSignal.any are found in every room", () => {
  for (const path of ["streaming/a.ts", "providers/a.ts", "tests/a_test.ts", "bench/a.ts"]) {
    deepEqual(found(path, "body.tee();"), ["nowhere"]);
    deepEqual(found(path, "response?.body?.tee();"), ["nowhere"]);
    deepEqual(found(path, "AbortSignal.any([a, b]);"), ["nowhere"]);
    deepEqual(found(path, "AbortSignal.timeout(5); const tee = 1; list.any();"), []);
  }
});
