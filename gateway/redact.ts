/** Keeps secrets out of every line that is written: the configured ones by value, foreign ones by their look. */

const MASK = "[redacted]";

/** Credentials by shape: header values, vendor key prefixes, key query parameters, JSON Web Tokens. */
const PATTERNS: readonly RegExp[] = [
  /\b((?:Bearer|Basic)\s+)[\w.~+/=-]{6,}/gi,
  /\b((?:x-goog-|x-)?api[-_]?key["']?\s*[:=]\s*["']?)[^\s"',&}]{4,}/gi,
  /([?&](?:key|api_key|apikey|access_token|token)=)[^&\s"']+/gi,
  /\b()(?:sk|pk|gsk|xai|hf|ddo|r8|nvapi|tgp)[-_][\w-]{12,}/g,
  /\b()AIza[\w-]{30,}/g,
  /\b()eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
];

export type Redact = (text: string) => string;

/** One set of secrets for all that writes. */
export interface Redactor {
  redact: Redact;
  /** From now on these are masked, too; none is ever forgotten, as a removed key may still be written about. */
  learn(secrets: readonly string[]): void;
}

/** What is no longer comes again and again: paths, models, who asks. A line of the log is longer. */
const SHORT = 150;
const MOST_REMEMBERED = 500;

/** Secrets shorter than four characters are left: they would blank out half a log. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const known = new Set<string>();
  /** What became of short texts. */
  const remembered = new Map<string, string>();
  let exact: RegExp | undefined;

  function learn(secrets: readonly string[]): void {
    const fresh = secrets.filter((secret) => secret.length >= 4 && !known.has(secret));
    if (fresh.length === 0) return;
    for (const secret of fresh) known.add(secret);
    // The longer one first: the shorter may be its beginning.
    const sources = [...known].sort((a, b) => b.length - a.length).map((secret) => RegExp.escape(secret));
    exact = new RegExp(sources.join("|"), "g");
    remembered.clear();
  }

  function mask(text: string): string {
    const clean = exact === undefined ? text : text.replace(exact, MASK);
    return PATTERNS.reduce((line, pattern) => line.replace(pattern, `$1${MASK}`), clean);
  }

  function maskShort(text: string): string {
    const before = remembered.get(text);
    if (before !== undefined) return before;
    const masked = mask(text);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(text, masked);
    return masked;
  }

  learn(secrets);
  return {
    learn,
    redact: (text) => text.length > SHORT ? mask(text) : maskShort(text),
  };
}
