/** The id that one request carries through responses, logs and errors. */

/** Letters, digits and the punctuation of common id schemes; no more than a UUID pair, so that logs stay lines. */
const SANE = /^[\w.:-]{1,128}$/;

/** The caller's id if it is sane, else a new one. */
export function requestIdFrom(headers: Headers, randomId: () => string): string {
  const given = headers.get("x-request-id");
  return given !== null && SANE.test(given) ? given : `req_${randomId()}`;
}
