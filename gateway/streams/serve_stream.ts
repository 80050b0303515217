/** `GET /v1/streams/{request id}`: what the client missed of a resumable stream, and then the rest of it, live. */

import type { Context } from "hono";
import { GatewayError } from "../../chat/error.ts";
import type { GatewayEnv } from "../context.ts";
import type { Gateway } from "../gateway.ts";
import { streamResponse } from "./stream_response.ts";
import { ownerOf } from "../owner_of.ts";

export async function serveStream(context: Context<GatewayEnv>, gateway: Gateway): Promise<Response> {
  const after = frameNumber(context.req.query("after") ?? context.req.header("last-event-id"));
  const found = await gateway.streams.find(placeOf(context));
  if (found === undefined) throw unknownStream();
  return streamResponse(found, { after, interval: gateway.config.advanced.keepAliveInterval });
}

/** `DELETE`: it need not be finished any more, nor kept. */
export async function removeStream(context: Context<GatewayEnv>, gateway: Gateway): Promise<Response> {
  const place = placeOf(context);
  if (await gateway.streams.find(place) === undefined) throw unknownStream();
  await gateway.streams.remove(place);
  return context.json({ id: place.id, object: "stream", deleted: true });
}

function placeOf(context: Context<GatewayEnv>) {
  return { owner: ownerOf(context), id: context.req.param("id") ?? "" };
}

/** The number of the last frame the client has; 0 for none. */
function frameNumber(text: string | undefined): number {
  if (text === undefined || text.trim() === "") return 0;
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text);
  throw new GatewayError(
    "invalid-request",
    "Cannot go on with the stream as the frame's number is not a whole number",
    {
      param: "after",
    },
  );
}

function unknownStream(): GatewayError {
  return new GatewayError("not-found", "Cannot go on with the stream as there is none with this id");
}
