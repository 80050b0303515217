/** The least that a Hono application can be: what the gateway's start is compared with. */

import { Hono } from "hono";

const app = new Hono();
app.get("/", (context) => context.text("hello world"));
Deno.serve({ port: Number(Deno.args[0]), hostname: "127.0.0.1", onListen() {} }, app.fetch);
