/** The routes of answers that are kept: `/v1/responses/{id}` and below. */

import type { Context } from "hono";
import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ResponseRecord } from "../../records/response_record.ts";
import type { GatewayEnv } from "../context.ts";
import type { Gateway } from "../gateway.ts";
import { followResponse } from "./background.ts";
import { listItems } from "./item_list.ts";
import { asCancelled, asFailed, isFinal } from "./status.ts";
import { demandStorage } from "../storage_away.ts";
import { ownerOf } from "../owner_of.ts";

type Handler = (context: Context<GatewayEnv>, gateway: Gateway) => Promise<Response>;

/** `GET /v1/responses/{id}`: the answer as it stands, or with `stream=true` its events behind `starting_after`. */
export const showResponse: Handler = async (context, gateway) => {
  const { owner, record } = await find(context, gateway);
  if (context.req.query("stream") !== "true") return context.json(await current(gateway, owner, record));
  const startingAfter = numberOf(context.req.query("starting_after"));
  const found = record.stream && await gateway.streams.find({ owner, id: record.stream });
  if (found) return followResponse(gateway, found, startingAfter);
  throw refused("stream", "Cannot stream the answer as it was not given in the background, or its events have expired");
};

/** `POST …/cancel`: once more it does nothing. */
export const cancelResponse: Handler = async (context, gateway) => {
  const { owner, record } = await find(context, gateway);
  if (record.stream === undefined) {
    throw refused("background", "Cannot cancel the answer as it was not given in the background");
  }
  const response = await current(gateway, owner, record);
  if (isFinal(response)) return context.json(response);
  const cancelled = { ...record, response: asCancelled(response) };
  await gateway.responses.keep(owner, cancelled);
  await gateway.streams.stop({ owner, id: record.stream });
  return context.json(cancelled.response);
};

export const deleteResponse: Handler = async (context, gateway) => {
  const { owner, record } = await find(context, gateway);
  await gateway.responses.delete(owner, record);
  if (record.stream !== undefined) await gateway.streams.remove({ owner, id: record.stream });
  return context.json({ id: record.response.id, object: "response", deleted: true });
};

export const listInputItems: Handler = async (context, gateway) =>
  context.json(listItems(context, (await find(context, gateway)).record.input));

async function find(
  context: Context<GatewayEnv>,
  gateway: Gateway,
): Promise<{ owner: string; record: ResponseRecord }> {
  const owner = ownerOf(context);
  const id = context.req.param("id") ?? "";
  const record = await gateway.responses.get(owner, id);
  if (record !== undefined) return { owner, record };
  demandStorage(gateway.store, "show the answer");
  throw new GatewayError("not-found", `Cannot show the answer as none with the id ${id.slice(0, 100)} is kept`);
}

/** One that runs no more, and did not come to an end, has failed: whoever was at it is gone. */
async function current(gateway: Gateway, owner: string, record: ResponseRecord): Promise<JsonObject> {
  const { response, stream } = record;
  if (isFinal(response) || stream === undefined || await gateway.streams.isRunning({ owner, id: stream })) {
    return response;
  }
  // Its end may have been kept since it was read.
  const last = await gateway.responses.get(owner, String(response.id)) ?? record;
  if (isFinal(last.response)) return last.response;
  const failed = asFailed(response, "Cannot finish the answer as the instance that gave it is gone");
  await gateway.responses.keep(owner, { ...record, response: failed });
  return failed;
}

/** -1 for all events: they are numbered from 0. */
function numberOf(text: string | undefined): number {
  if (text === undefined) return -1;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw refused("starting_after", "Cannot stream the answer as starting_after is not a whole number");
}

function refused(param: string, message: string): GatewayError {
  return new GatewayError("invalid-request", message, { param });
}
