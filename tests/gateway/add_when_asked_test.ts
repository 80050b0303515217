/** Routes that come when they are asked for. */

import assert from "node:assert/strict";
import { type Context, Hono } from "hono";
import { TrieRouter } from "hono/router/trie-router";
import { addWhenAsked } from "../../gateway/add_when_asked.ts";
import type { GatewayEnv } from "../../gateway/context.ts";

function appWith(add: (app: Hono<GatewayEnv>) => Promise<void>): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>({ router: new TrieRouter() });
  app.get("/", (context) => context.text("home"));
  app.notFound((context) => context.text("none", 404));
  addWhenAsked(app, ["/late/*"], () => add(app));
  return app;
}

const echo = async (context: Context<GatewayEnv>) => context.text(`${context.req.path} ${await context.req.text()}`);

async function ask(app: Hono<GatewayEnv>, path: string, body?: string): Promise<string> {
  const response = await app.request(path, body === undefined ? {} : { method: "POST", body });
  return `${response.status} ${await response.text()}`;
}

Deno.test("routes are added once, with the first request below them, and whoever asks meanwhile is answered by them", async () => {
  let times = 0;
  const loading = Promise.withResolvers<void>();
  const app = appWith(async (app) => {
    times++;
    await loading.promise;
    app.post("/late/:id", echo);
  });
  assert.equal(await ask(app, "/"), "200 home");
  assert.equal(times, 0);
  const asked = [ask(app, "/late/a", "one"), ask(app, "/late/b", "two"), ask(app, "/late/b/c", "three")];
  loading.resolve();
  assert.deepEqual(await Promise.all(asked), ["200 /late/a one", "200 /late/b two", "404 none"]);
  assert.equal(await ask(app, "/late/d", "four"), "200 /late/d four");
  assert.equal(await ask(app, "/late/d"), "404 none");
  assert.equal(times, 1);
});

Deno.test("routes that could not be loaded are loaded with the next request", async () => {
  let times = 0;
  const app = appWith((app) => {
    if (times++ === 0) return Promise.reject(new TypeError("Cannot load the module"));
    app.post("/late/:id", echo);
    return Promise.resolve();
  });
  app.onError((error, context) => context.text(error.message, 500));
  assert.equal(await ask(app, "/late/a", "one"), "500 Cannot load the module");
  assert.equal(await ask(app, "/late/a", "two"), "200 /late/a two");
});
