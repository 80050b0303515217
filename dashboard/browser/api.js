/** How a page asks the admin routes: as JSON, with the session's cookie, and with errors as sentences. */
/// <reference lib="dom" />

export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {unknown} [body]
   */
  constructor(status, message, body) {
    super(message);
    this.status = status;
    /** The whole JSON of the answer, where a form needs more than the sentence. */
    this.body = body;
  }
}

/**
 * The JSON that `/admin/{path}` answers; throws an `ApiError` where it answers with none, and goes to the login where
 * the session is over.
 *
 * @param {string} path
 * @param {{ method?: string, body?: unknown, headers?: Record<string, string>, signal?: AbortSignal }} [options]
 */
export async function api(path, { method = "GET", body, headers = {}, signal } = {}) {
  const response = await fetch(`/admin/${path}`, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (response.status === 401) logInAgain();
  if (response.status === 204) return undefined;
  const json = await response.json().catch(() => undefined);
  if (!response.ok) {
    throw new ApiError(response.status, json?.error?.message ?? `Cannot load it: status ${response.status}`, json);
  }
  return json;
}

/** Comes back to where it was. */
export function logInAgain() {
  location.assign(`/dashboard/login?to=${encodeURIComponent(location.pathname + location.search)}`);
}
