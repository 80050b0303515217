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

/** A redactor that knows these secrets. Those shorter than four characters are left: they would blank out half a log. */
export function createRedact(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= 4)
    .sort((a, b) => b.length - a.length)
    .map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const exact = known.length === 0 ? undefined : new RegExp(known.join("|"), "g");
  return (text) => {
    const clean = exact === undefined ? text : text.replace(exact, MASK);
    return PATTERNS.reduce((line, pattern) => line.replace(pattern, `$1${MASK}`), clean);
  };
}
