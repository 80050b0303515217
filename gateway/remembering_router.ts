/** A router that looks up each plain path once: most requests ask for one of a few. */

import type { Result, Router } from "hono/router";
import { TrieRouter } from "hono/router/trie-router";

/** Hono's own for paths like ours, and for those without a parameter what it said of them before. */
export class RememberingRouter<T> implements Router<T> {
  readonly name = "RememberingRouter";
  readonly #router = new TrieRouter<T>();
  /** By path and method: those that routes were added for, so that no client makes it grow. */
  readonly #remembered = new Map<string, Map<string, Result<T> | undefined>>();

  add(method: string, path: string, handler: T): void {
    this.#router.add(method, path, handler);
    if (!/[:*]/.test(path)) this.#methodsOf(path).set(method, undefined);
    // A route that is added later may match what was asked for before.
    for (const methods of this.#remembered.values()) for (const known of methods.keys()) methods.set(known, undefined);
  }

  match(method: string, path: string): Result<T> {
    const methods = this.#remembered.get(path);
    const before = methods?.get(method);
    if (before !== undefined) return before;
    const found = this.#router.match(method, path);
    if (methods?.has(method)) methods.set(method, found);
    return found;
  }

  #methodsOf(path: string): Map<string, Result<T> | undefined> {
    const methods = this.#remembered.get(path) ?? new Map<string, Result<T> | undefined>();
    this.#remembered.set(path, methods);
    return methods;
  }
}
