/** `GET /metrics`, for whoever the configuration lets read it. */

import type { Context } from "hono";
import { auth as basicAuth } from "hono/utils/basic-auth";
import { timingSafeEqual } from "hono/utils/buffer";
import { GatewayError } from "../../chat/error.ts";
import type { GatewayEnv } from "../context.ts";
import type { Gateway } from "../gateway.ts";

/** @throws {GatewayError} `unauthorized` without the admin key, where it is asked for */
export async function serveMetrics(
  context: Context<GatewayEnv>,
  { config, metrics }: Gateway,
): Promise<Response> {
  if (config.metrics.access === "key") await demandAdminKey(context, config.adminKey);
  const headers = { "content-type": metrics.contentType, "cache-control": "no-store" };
  return context.body(await metrics.text(), { headers });
}

/** The admin key as a bearer, or as a password: Prometheus can send either. Never in the URL, which others log. */
async function demandAdminKey(context: Context<GatewayEnv>, adminKey: string | undefined): Promise<void> {
  if (adminKey === undefined) {
    throw new GatewayError("forbidden", "Cannot show the metrics as no admin key is set to read them with");
  }
  const bearer = context.req.header("authorization")?.match(/^Bearer\s+(.+)$/i)?.[1]?.trim();
  const presented = bearer ?? basicAuth(context.req.raw)?.password;
  if (presented !== undefined && await timingSafeEqual(presented, adminKey)) return;
  context.header("www-authenticate", 'Basic realm="anystream", charset="UTF-8"');
  throw new GatewayError("unauthorized", "Cannot show the metrics as the admin key was not sent");
}
