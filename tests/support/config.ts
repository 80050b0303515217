/** Reading a configuration in tests, and what is expected of it. */

import assert from "node:assert/strict";
import { type Config, type ConfigProblem, type ConfigSources, parseConfig } from "../../gateway/config/mod.ts";

/** The configuration; fails the test where there are problems. */
export function configOf(sources: Partial<ConfigSources>): Config {
  const outcome = parseConfig({ env: {}, ...sources });
  assert("config" in outcome, JSON.stringify(outcome, null, 2));
  return outcome.config;
}

/** The problems; fails the test where there are none. */
export function problemsOf(sources: Partial<ConfigSources>): ConfigProblem[] {
  const outcome = parseConfig({ env: {}, ...sources });
  assert("problems" in outcome, "no problem was found");
  return outcome.problems;
}

/** The one provider of a name, as plain data. */
export function providerOf(config: Config, name: string): Record<string, unknown> {
  const found = config.providers.filter((provider) => provider.name === name);
  assert.equal(found.length, 1, `one provider "${name}" among ${config.providers.map((provider) => provider.name)}`);
  return { ...found[0] };
}
