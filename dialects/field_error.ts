/** Turns what a schema found wrong in a client's body into the error that names the field, what was found, what expected. */

import { GatewayError } from "../chat/error.ts";

/** The part of a zod issue that is read here; zod itself stays in the dialects' schema files. */
export interface FieldIssue {
  code?: string | undefined;
  path: PropertyKey[];
  message: string;
  expected?: string;
  values?: readonly unknown[];
  options?: readonly unknown[];
  /** What is too small or too big, and what it may be. */
  origin?: string;
  minimum?: number | bigint;
  maximum?: number | bigint;
  /** The issues of each branch of a union. */
  errors?: readonly FieldIssue[][];
}

/** The `invalid-request` for the first issue of `body`. */
export function fieldError(issues: readonly FieldIssue[], body: unknown): GatewayError {
  const leaves = deepest(issues.slice(0, 1));
  const path = leaves[0]?.path ?? [];
  const field = formatPath(path);
  const expected = [...new Set(leaves.map(expectation))].join(" or ");
  const found = describe(valueAt(body, path));
  return new GatewayError(
    "invalid-request",
    `Cannot read the request as ${field === "" ? "the body" : field} is ${found}, expected ${expected}`,
    field === "" ? {} : { param: field },
  );
}

/** `["messages", 0, "role"]` as `messages[0].role`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

/** A union reports every branch that failed. The one that got furthest is what the client meant. */
function deepest(issues: readonly FieldIssue[]): FieldIssue[] {
  const leaves = issues.flatMap((issue) => {
    const branches = issue.errors ?? [];
    if (branches.length === 0) return [issue];
    return deepest(branches.flatMap((branch) => branch.slice(0, 1)))
      .map((leaf) => ({ ...leaf, path: [...issue.path, ...leaf.path] }));
  });
  const depth = Math.max(...leaves.map((leaf) => leaf.path.length));
  return leaves.filter((leaf) => leaf.path.length === depth);
}

function expectation(issue: FieldIssue): string {
  const words = issue.values ?? issue.options;
  if (words !== undefined) return words.length === 1 ? String(words[0]) : `one of ${words.join(", ")}`;
  if (issue.code === "too_small") {
    return issue.origin === "number" ? `at least ${issue.minimum}` : `a non-empty ${issue.origin}`;
  }
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  return issue.expected === "int" ? "integer" : issue.expected ?? issue.message;
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    body,
  );
}

/** Short, as a body may hold megabytes. */
function describe(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
