/** An answer in the background: told of at once, and followed by whoever wants to. */

import { GatewayError } from "../../chat/error.ts";
import type { Gateway } from "../gateway.ts";
import { jsonResponse } from "../respond.ts";
import { follow, type NumberedFrame } from "../streams/follow.ts";
import { streamResponse } from "../streams/stream_response.ts";
import type { FoundStream } from "../streams/streams.ts";
import { responseIn } from "./response_keeper.ts";

/** The stream itself where the client wants one, else the response as it begins. */
export async function respondInBackground(
  gateway: Gateway,
  found: FoundStream,
  { isFollowed }: { isFollowed: boolean },
): Promise<Response> {
  if (isFollowed) return followResponse(gateway, found, -1);
  const beginning = follow(found.feed, { after: 0 });
  const [first] = await beginning.next() ?? [];
  beginning.cancel();
  const response = first && responseIn(first.text);
  if (response === undefined) throw new GatewayError("internal", "Cannot answer as the stream has no beginning");
  return jsonResponse(JSON.stringify({ ...response, status: "queued" }));
}

/** The events behind that `sequence_number`, as the API tells them: without the numbers of a resumable stream. */
export function followResponse(gateway: Gateway, found: FoundStream, startingAfter: number): Response {
  const write = ({ text }: NumberedFrame) => numberIn(text) > startingAfter ? [text] : [];
  return streamResponse(found, { after: 0, interval: gateway.config.advanced.keepAliveInterval, write });
}

function numberIn(frame: string): number {
  return Number(frame.match(/"sequence_number":\s*(\d+)/)?.[1] ?? Infinity);
}
