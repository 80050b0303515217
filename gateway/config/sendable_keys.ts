/** Whether an upstream's keys can be sent at all: with any other a request looks like one to a host that is not there. */

export const SENDABLE = "keys of printable ASCII, without quotes around them";

/** Of keys that were stored before, one may be odd and the others good: only where keys are entered is this demanded. */
export function areSendable(keys: readonly string[]): boolean {
  return keys.every((key) => /^[\x20-\x7e]+$/.test(key) && !/^["'`]|["'`]$/.test(key));
}
