/** The clients of the matrix: the official SDK of each dialect, and what it saw. */

import type { VendorDialect } from "./vendor.ts";
import type { Ask, Seen } from "./scenario.ts";

export interface ClientOptions {
  /** The gateway, or a recorder in front of it. */
  url: string;
  /** The public model id. */
  model: string;
  ask: Ask;
  stream: boolean;
  /** Ends the call. */
  signal?: AbortSignal;
  /** Sent with the call: `x-stream-mode`, say. */
  headers: Record<string, string>;
}

export interface Client {
  dialect: VendorDialect;
  /** Of another library than the dialect's official one. */
  name?: string;
  /** It adds to a request's limit what the model may think. */
  addsBudget?: true;
  /** Asks through the official SDK (no retries of its own) and reads to the end. Failures are told in `error`, never thrown. */
  ask(options: ClientOptions): Promise<Seen>;
  /**
   * Checks the bytes of a stream that this dialect's client was sent, by the strict grammar of tests/support.
   *
   * @throws {AssertionError} naming the rule that was broken
   */
  check(text: string, ask: Ask): void;
}

/** What a client is called in tests and tables. */
export function titleOf({ name, dialect }: Client): string {
  return name === undefined ? dialect : `${name}: ${dialect}`;
}
