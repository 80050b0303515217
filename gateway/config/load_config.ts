/** The shell around `parseConfig`: environment and files. The only one with the entries that looks at either. */

import { type ConfigOutcome, parseConfig } from "./parse_config.ts";
import type { ConfigProblem } from "./problem.ts";

/** Two folders up from `dist/bin/`, too, where a build puts this module: one file for both. */
const MODELS_FILE = new URL("../../models.json", import.meta.url);
const DEFAULT_FILE = "config.toml";

export function loadConfig(): ConfigOutcome {
  const env = Deno.env.toObject();
  const problems: ConfigProblem[] = [];
  const toml = readConfigText(env, problems);
  const models = readModelsFile(problems);
  const outcome = parseConfig({ env, ...toml, models });
  if (problems.length === 0) return outcome;
  if ("config" in outcome) return { problems, warnings: outcome.config.warnings };
  return { ...outcome, problems: [...problems, ...outcome.problems] };
}

/** Whether requests go out through a proxy, as fetch takes it from the environment. */
export function behindProxy(): boolean {
  return ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].some((name) =>
    Deno.env.get(name) || Deno.env.get(name.toLowerCase())
  );
}

/** Whether Deno Deploy runs us: it sets the variable to `true`, or to `1`. */
export function isHosted(): boolean {
  return Deno.env.has("DENO_DEPLOY") || Deno.env.has("DENO_DEPLOYMENT_ID");
}

function readConfigText(
  env: Readonly<Record<string, string>>,
  problems: ConfigProblem[],
): { toml?: string; tomlName?: string } {
  if (env.CONFIG_TOML) return { toml: env.CONFIG_TOML, tomlName: "CONFIG_TOML" };
  const named = env.CONFIG_FILE || undefined;
  const file = named ?? DEFAULT_FILE;
  try {
    return { toml: Deno.readTextFileSync(file), tomlName: file };
  } catch (error) {
    // Nobody asked for the default file, and an edge without a disk has none; a file that was named must be there.
    const { NotFound, NotSupported, NotCapable } = Deno.errors;
    const absent = [NotFound, NotSupported, NotCapable].some((kind) => error instanceof kind);
    if (named !== undefined || !absent) {
      problems.push({
        path: named === undefined ? file : "CONFIG_FILE",
        value: `"${file}"`,
        expected: "a file that can be read",
      });
    }
    return {};
  }
}

function readModelsFile(problems: ConfigProblem[]): unknown {
  try {
    return JSON.parse(Deno.readTextFileSync(MODELS_FILE));
  } catch (error) {
    if (error instanceof SyntaxError) {
      problems.push({ path: "models.json", value: "no JSON", expected: "a JSON document" });
    }
    return undefined;
  }
}
