/** What the list is filtered by: it stands in the URL, so that it can be shared, kept and reloaded. */
/// <reference lib="dom" />

export const FIELDS =
  /** @type {const} */ (["text", "model", "provider", "key", "dialect", "status", "end", "since", "from", "to"]);

/** @typedef {Partial<Record<(typeof FIELDS)[number], string>>} Filter */

export const DIALECTS = {
  openai_chat: "OpenAI Chat",
  openai_responses: "OpenAI Responses",
  openai_completions: "OpenAI Completions",
  anthropic: "Anthropic",
  gemini: "Gemini",
  ollama: "Ollama",
  ollama_generate: "Ollama Generate",
};

export const SPANS = { "1h": 3_600_000, "24h": 86_400_000, "7d": 7 * 86_400_000 };

/**
 * @param {string} search
 * @returns {Filter}
 */
export function readFilter(search) {
  const asked = new URLSearchParams(search);
  return Object.fromEntries(FIELDS.flatMap((name) => asked.get(name) ? [[name, asked.get(name) ?? ""]] : []));
}

/**
 * @param {Filter} filter
 * @param {Record<string, string | undefined>} [more]
 */
export function formatSearch(filter, more = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...more })) if (value) search.set(name, value);
  return search.size === 0 ? "" : `?${search}`;
}

/**
 * What the admin route is asked for.
 *
 * @param {Filter} filter
 */
export function queryOf({ since, from, to, ...rest }) {
  const query = new URLSearchParams(rest);
  if (since !== undefined && since in SPANS) {
    query.set("from", String(Date.now() - SPANS[/** @type {keyof typeof SPANS} */ (since)]));
  } else if (since === "range") {
    if (from) query.set("from", String(new Date(from).getTime()));
    if (to) query.set("to", String(new Date(to).getTime()));
  }
  return query;
}

/**
 * Whether a request that runs belongs in the list: what is known only at the end, it cannot match.
 *
 * @param {Filter} filter
 * @param {import("../shapes.ts").RunningRow} row
 */
export function matchesRunning({ text, model, provider, key, dialect, status, end, to }, row) {
  if (text || status || end || to) return false;
  return (!model || row.model === model) && (!provider || row.provider === provider) && (!key || row.key === key) &&
    (!dialect || row.dialect === dialect);
}
