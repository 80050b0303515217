/** What the router says of a path is what Hono's own says, however often it is asked, and whenever routes are added. */

import assert from "node:assert/strict";
import { TrieRouter } from "hono/router/trie-router";
import { RememberingRouter } from "../../gateway/remembering_router.ts";

const ROUTES = [
  ["ALL", "*"],
  ["ALL", "/v1/*"],
  ["POST", "/v1/chat"],
  ["ALL", "/v1/chat"],
  ["GET", "/v1/models/:id{.+}"],
  ["POST", "/v1/:id{.+:run}"],
] as const;

const ASKED = [
  ["POST", "/v1/chat"],
  ["GET", "/v1/chat"],
  ["GET", "/v1/models/one/two"],
  ["GET", "/v1/models/three"],
  ["POST", "/v1/a:run"],
  ["GET", "/elsewhere"],
] as const;

function routersOf(routes: readonly (readonly [string, string])[]) {
  const [ours, theirs] = [new RememberingRouter<string>(), new TrieRouter<string>()];
  const add = (method: string, path: string) => {
    for (const router of [ours, theirs]) router.add(method, path, `${method} ${path}`);
  };
  for (const [method, path] of routes) add(method, path);
  const assertSame = () => {
    for (const [method, path] of ASKED) assert.deepEqual(ours.match(method, path), theirs.match(method, path), path);
  };
  return { ours, add, assertSame };
}

Deno.test("RememberingRouter finds what Hono's own router finds, the first time and the second", () => {
  const { assertSame } = routersOf(ROUTES);
  assertSame();
  assertSame();
});

Deno.test("RememberingRouter looks up a plain path once, and one with a parameter each time", () => {
  const { ours } = routersOf(ROUTES);
  assert.equal(ours.match("POST", "/v1/chat"), ours.match("POST", "/v1/chat"));
  assert.notEqual(ours.match("GET", "/v1/models/one"), ours.match("GET", "/v1/models/one"));
});

Deno.test("RememberingRouter finds a route that was added after its path was asked for", () => {
  const { add, assertSame } = routersOf(ROUTES);
  assertSame();
  add("POST", "/v1/:what");
  assertSame();
  add("POST", "/v1/chat");
  assertSame();
});
