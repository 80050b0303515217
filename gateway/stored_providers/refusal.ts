/** What is refused of a change to the providers, with all that is wrong with it at once. */

import type { FieldProblem } from "../config/mod.ts";
import type { StoredProvider } from "./document.ts";

/** Each with its HTTP status. */
export const REFUSALS = {
  "invalid_provider": 400,
  "no_such_provider": 404,
  "provider_exists": 409,
  "provider_read_only": 409,
  "provider_changed": 412,
  "version_required": 428,
  "storage_away": 503,
} as const;

export class Refusal extends Error {
  override name = "Refusal" as const;
  readonly code: keyof typeof REFUSALS;
  readonly problems: readonly FieldProblem[];

  constructor(code: keyof typeof REFUSALS, message: string, problems: readonly FieldProblem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}

/** For problems of fields; there must be one. */
export function refusalOf(problems: readonly FieldProblem[]): Refusal {
  const [first] = problems;
  const more = problems.length < 2 ? "" : `, and ${problems.length - 1} more`;
  return new Refusal("invalid_provider", `Cannot use the provider as ${first?.path || "it"} is wrong${more}`, problems);
}

export function isTaken(name: string, where: string): Refusal {
  const message = `Cannot add "${name}" as there is ${where} a provider of that name`;
  return new Refusal("provider_exists", message, [{ path: "name", message: "There is one of that name" }]);
}

export function isUnknown(name: string): Refusal {
  return new Refusal("no_such_provider", `Cannot find a stored provider "${name}"`);
}

/** @throws {Refusal} where it is not the version that is to be changed; `*` means whatever there is */
export function demandVersion({ name, version }: StoredProvider, expected: string | undefined): void {
  if (expected === undefined) {
    throw new Refusal("version_required", `Cannot change "${name}" without its version: send it as If-Match`);
  }
  if (expected === "*" || expected === version) return;
  throw new Refusal("provider_changed", `Cannot change "${name}" as it was changed since: load it again`);
}
