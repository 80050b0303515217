/** What a start loads: every module in the static graph of an entry is read, compiled and run before the first answer. */

import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

/** Each with who needs it, if anybody: then it is loaded by an `import()` there. */
const HEAVY: Readonly<Record<string, string>> = {
  "npm:/gpt-tokenizer": "gateway/text_counter.ts",
  "npm:/ipaddr.js": "providers/address_guard.ts",
  "npm:/jsonc-parser": "gateway/read_json.ts",
  "node:dns/promises": "providers/address_guard.ts",
  "node:util": "gateway/stored_providers/mod.ts",
  "node:crypto": "dashboard/session.ts",
  "node:buffer": "dashboard/session.ts",
  "node:timers": "streaming/gather_bytes.ts, which takes the global",
  "npm:/@opentelemetry/api": "gateway/telemetry/mod.ts",
  "npm:/lru-cache": "gateway/token_counts.ts",
  "npm:/prom-client": "gateway/metrics/metrics.ts",
  "gateway/admin/mod.ts": "gateway/routes.ts",
  "providers/langfast/open_run.ts": "providers/langfast/mod.ts",
  "providers/polling/open_task.ts": "providers/polling/mod.ts",
  "dashboard/": "gateway/admin/mod.ts",
  "npm:/hono/jsx": "dashboard/",
  "npm:/marked": "dashboard/",
  "npm:/preact": "dashboard/",
  "npm:/uplot": "dashboard/",
  "node:zlib": "dashboard/assets.ts",
};

interface Graph {
  roots: string[];
  redirects: Record<string, string>;
  modules: { specifier: string; dependencies?: Dependency[] }[];
}

interface Dependency {
  isDynamic?: boolean;
  /** Absent for what is imported for its types only. */
  code?: { specifier?: string };
}

for (const entry of ["main.ts", "deploy.ts"]) {
  Deno.test(`${entry} loads nothing heavy before somebody needs it`, async () => {
    const wayTo = await staticGraph(entry);
    const found = [...wayTo].filter(([module]) => Object.keys(HEAVY).some((name) => module.startsWith(name)));
    assert.deepEqual(Object.fromEntries(found), {}, "import() it where it is needed, or say why not");
    assert.ok(wayTo.has("app.ts") && wayTo.has("npm:/hono"));
  });
}

/** Each module that is loaded at the start, with the modules through which it is. */
async function staticGraph(entry: string): Promise<Map<string, string>> {
  const command = new Deno.Command(Deno.execPath(), { args: ["info", "--json", entry], cwd: ROOT });
  const { stdout } = await command.output();
  const { roots, redirects, modules }: Graph = JSON.parse(new TextDecoder().decode(stdout));
  const dependencies = new Map(modules.map((module) => [module.specifier, module.dependencies ?? []]));
  const found = new Map<string, string>();
  const walk = (specifier: string, from: string) => {
    const module = nameOf(specifier);
    if (found.has(module)) return;
    const way = `${from} → ${module}`;
    found.set(module, way);
    for (const { isDynamic, code } of dependencies.get(specifier) ?? []) {
      if (!isDynamic && code?.specifier !== undefined) walk(redirects[code.specifier] ?? code.specifier, way);
    }
  };
  for (const root of roots) walk(root, "");
  return found;
}

/** Our modules by their path in the project, packages without their version. */
function nameOf(specifier: string): string {
  return specifier.replace(ROOT.href, "").replace(/^(npm:\/@?[^@]+)@[^/]+/, "$1");
}
