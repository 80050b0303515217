import assert from "node:assert/strict";
import { Hono } from "hono";
import { addPlayRoutes } from "../../../gateway/admin/play.ts";
import type { Admitted } from "../../../gateway/admitted.ts";
import type { GatewayEnv } from "../../../gateway/context.ts";

Deno.test("a chat of the admin's own is admitted, without the session's cookie and the admin key", async () => {
  const admitted: Admitted = new WeakSet();
  const app = new Hono<GatewayEnv>();
  addPlayRoutes(app, admitted);
  app.post("/v1/chat", ({ req }) => Response.json([admitted.has(req.raw), [...req.raw.headers.keys()]]));
  const headers = { "cookie": "session=1", "authorization": "Bearer admin", "x-stream-mode": "fake" };
  const response = await app.request("/admin/play/v1/chat?a=1", { method: "POST", headers });
  assert.deepEqual(await response.json(), [true, ["x-stream-mode"]]);
});
