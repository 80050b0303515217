/** What is wrong with a configuration, in words that carry no secret. */

export interface ConfigProblem {
  /** Where the value stands: an environment variable, or a path in a file. */
  path: string;
  /** The value as far as it may be shown; absent where there is none. */
  value?: string;
  /** What would be right; completes "expected …". */
  expected: string;
}

/** A value as a source gave it. */
export interface Given {
  value: unknown;
  /** Where it stands, as a person finds it. */
  at: string;
  /** As it stands there, before variables were put in. */
  shown: unknown;
  secret: boolean;
}

/** What is given, by the path of the setting in the resolved configuration: `advanced.timeouts.idle`. */
export type Layer = Map<string, Given>;

const SECRET = "(a secret, not shown)";
const SHOWN_LENGTH = 80;

/** The value for a message, or undefined where nothing was given. */
export function showValue(given: Given | undefined): string | undefined {
  if (given === undefined || given.value === undefined) return undefined;
  if (given.secret) return SECRET;
  const text = JSON.stringify(given.shown) ?? String(given.shown);
  return maskCredentials(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);
}

/**
 * Hides what looks like a credential in a place that should hold none: people paste keys into the wrong field, and put
 * them into URLs.
 */
function maskCredentials(text: string): string {
  return text
    .replace(/\/\/[^/@\s]*@/g, "//…@")
    .replace(/[?#][^"\s]*/g, (rest) => `${rest[0]}…`)
    .replace(/\b(?:sk|pk|key)-[\w-]+/gi, "…")
    .replace(/[\w-]{24,}/g, (word) => /\d/.test(word) && /[a-z]/i.test(word) ? "…" : word);
}

/** The problems as lines for a terminal. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ path, value, expected }) =>
    value === undefined ? `${path} is missing, expected ${expected}` : `${path} is ${value}, expected ${expected}`
  );
  return ["Cannot start as the configuration has mistakes:", ...lines.map((line) => `  ${line}`)].join("\n");
}
