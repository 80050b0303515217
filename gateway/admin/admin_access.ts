/** Who may administer: the admin key, compared by digest in constant time, and ever slower for those who guess. */

import { GatewayError } from "../../chat/error.ts";
import { digestOf, isSameDigest } from "../keys/secret.ts";
import { createRecentlyUsed } from "../recently_used.ts";

export interface AdminAccess {
  /**
   * Whether the key that was presented is the admin key.
   *
   * @throws {GatewayError} `unauthorized`, or `rate-limit` for an address that guessed too often
   */
  check(presented: string | undefined, address: string | undefined): void;
}

/** Wrong keys that cost nothing: people mistype. */
const FREE = 5;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 5 * 60_000;
/** After so long without a wrong key an address begins anew. */
const FORGOTTEN = 30 * 60_000;
const ADDRESSES = 10_000;

interface Guesses {
  count: number;
  /** When the last one came, in milliseconds since the epoch. */
  at: number;
  /** Milliseconds since the epoch; nothing is compared before. */
  until: number;
}

export function createAdminAccess(
  { key, now }: { key: string | undefined; now: () => number },
): AdminAccess {
  const digest = key === undefined ? undefined : digestOf(key);
  const guesses = createRecentlyUsed<Guesses>({ limit: ADDRESSES });
  /** An address begins anew a while after its last wrong key, whatever it asked meanwhile. */
  const guessesOf = (address: string) => {
    const known = guesses.get(address);
    return known !== undefined && now() - known.at <= FORGOTTEN ? known : undefined;
  };

  function punish(address: string): void {
    const count = (guessesOf(address)?.count ?? 0) + 1;
    const wait = count < FREE ? 0 : Math.min(FIRST_WAIT * 2 ** (count - FREE), LONGEST_WAIT);
    guesses.set(address, { count, at: now(), until: now() + wait });
  }

  return {
    check(presented, address = "unknown") {
      if (digest === undefined) {
        throw new GatewayError("unauthorized", "Cannot open the admin routes as no ADMIN_KEY is set");
      }
      const wait = (guessesOf(address)?.until ?? 0) - now();
      if (wait > 0) {
        throw new GatewayError("rate-limit", "Cannot check the admin key as too many wrong ones were sent", {
          retryAfter: wait,
        });
      }
      if (presented === undefined) {
        throw new GatewayError("unauthorized", "Cannot open the admin routes as no admin key was sent as a bearer");
      }
      if (isSameDigest(digest, digestOf(presented))) return guesses.delete(address);
      punish(address);
      throw new GatewayError("unauthorized", "Cannot open the admin routes as the admin key is wrong");
    },
  };
}

/** The key that a program sends in its `Authorization`. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization?.match(/^Bearer\s+(.+)$/i)?.[1]?.trim();
}
