/** Which route a path means whose client was given a wrong base URL: without `/v1`, with it twice, or another vendor's. */

import { VERBS } from "../dialects/gemini/parse_path.ts";

/** Whatever stands behind a version in paths of OpenAI's and Anthropic's clients. */
const VERSIONED = "chat/completions|completions|embeddings|messages|responses|conversations|models|streams|sessions";
const OLLAMA = "chat|generate|embed|embeddings|tags|show|version";
const GEMINI = `.+:(?:${VERBS.join("|")})`;

/** A path that says what it means; most do. */
const PLAIN = new RegExp(
  `^/(?:$|(?:v1/(?:${VERSIONED})|v1beta/models|health|metrics|admin|dashboard)(?:/|$)|api/(?:${OLLAMA})$)`,
);
/** The last version in a path, with what is asked of it. */
const LAST_VERSION = new RegExp(`/((?:v1/(?:${VERSIONED})|v1beta/models)(?:/.*)?|api/(?:${OLLAMA}))$`);
/** What is asked, without a version before it: the paths that clients put behind their base URL. */
const UNVERSIONED = /\/(chat\/completions|completions|embeddings|messages(?:\/count_tokens)?|responses)$/;
/** The same with an id behind it. */
const WITH_ID = /^\/(?:models|responses|conversations)(?:\/|$)/;
const VERB = new RegExp(`^/v1(?:beta)?/${GEMINI}$`);

/**
 * The path itself where it is one of ours, or means nothing. Else that of the route which it ends in: people put the host
 * into a base URL in place of another's (`/openai/v1`, `/api/v1`, `/anthropic`), leave its `/v1` out or write it where
 * their client does so too, and end it with a slash.
 */
export function meantPath(path: string): string {
  const isTidy = !path.includes("//") && !(path.length > 1 && path.endsWith("/"));
  if (isTidy && PLAIN.test(path)) return path;
  const tidy = isTidy || /^\/(?:admin|dashboard)\b/.test(path) ? path : `/${path.split("/").filter(Boolean).join("/")}`;
  if (PLAIN.test(tidy)) return tidy;
  const [, versioned] = LAST_VERSION.exec(tidy) ?? [];
  if (versioned !== undefined) return `/${versioned}`;
  if (VERB.test(tidy)) return tidy;
  const [, unversioned] = UNVERSIONED.exec(tidy) ?? [];
  if (unversioned !== undefined) return `/v1/${unversioned}`;
  return WITH_ID.test(tidy) ? `/v1${tidy}` : tidy;
}
