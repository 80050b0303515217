/** Reads a client's JSON body, and says where it is malformed. */

import { GatewayError } from "../chat/error.ts";
import { readText } from "../streaming/read_text.ts";

export interface JsonBody {
  body: unknown;
  text: string;
}

/** @throws {GatewayError} `too-large`, `unsupported-media-type`, or `invalid-request` with the position */
export async function readJson(request: Request, limit: number): Promise<JsonBody> {
  const encoding = request.headers.get("content-encoding") ?? undefined;
  const text = await readText(request.body, { limit, encoding });
  if (text.trim() === "") {
    throw new GatewayError("invalid-request", "Cannot read the body as it is empty", { code: "invalid_json" });
  }
  try {
    return { body: JSON.parse(text), text };
  } catch (error) {
    throw new GatewayError("invalid-request", `Cannot read the body as JSON: ${fault(error, text)}`, {
      code: "invalid_json",
      cause: error,
    });
  }
}

/** Where V8 stopped reading. Its own message quotes the body, so that only the position is taken from it. */
function fault(error: unknown, text: string): string {
  const found = error instanceof Error ? error.message.match(/at position (\d+)/)?.[1] : undefined;
  if (found === undefined) return `it ends at position ${text.length} before it is complete`;
  const position = Number(found);
  const lines = text.slice(0, position).split("\n");
  return `it is malformed at position ${position} (line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1})`;
}
