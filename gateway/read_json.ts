/** Reads a client's JSON body, and says where it is malformed. */

import type { ParseError } from "jsonc-parser";
import { GatewayError } from "../chat/error.ts";
import { isTooDeep } from "../dialects/json_depth.ts";
import { readText } from "../streaming/read_text.ts";
import { within } from "../streaming/timer.ts";
import { clientGone } from "./scope.ts";

export interface JsonBody {
  body: unknown;
  text: string;
}

/** Milliseconds for a body to come: twenty megabytes of pictures over a poor line take as long. */
const PATIENCE = 120_000;

/**
 * @throws {GatewayError} `too-large`, `unsupported-media-type`, `client-gone`, `request-timeout`, or `invalid-request` with
 * the position
 */
export async function readJson(request: Request, limit: number): Promise<JsonBody> {
  const encoding = request.headers.get("content-encoding") ?? undefined;
  const reading = readText(request, { limit, encoding }).catch((error) => {
    // The connection broke on the way: the runtime says so in several ways, "BadResource" among them (Deno 2.9.6).
    throw error instanceof GatewayError ? error : clientGone(error);
  });
  // Whoever stops in the middle of a body has taken a place that others wait for.
  const text = await within(reading, PATIENCE, tooSlow);
  if (text.trim() === "") {
    throw new GatewayError("invalid-request", "Cannot read the body as it is empty", { code: "invalid_json" });
  }
  if (isTooDeep(text)) {
    throw new GatewayError("invalid-request", "Cannot read the body as its JSON is nested too deep", {
      code: "invalid_json",
    });
  }
  try {
    return { body: JSON.parse(text), text };
  } catch (error) {
    throw new GatewayError("invalid-request", `Cannot read the body as JSON: ${await fault(text)}`, {
      code: "invalid_json",
      cause: error,
    });
  }
}

function tooSlow(): GatewayError {
  return new GatewayError("request-timeout", `Cannot read the body as it did not come within ${PATIENCE / 1000} s`);
}

/** Where the JSON breaks. V8's own message quotes the body, and gives a position only for some faults. */
async function fault(text: string): Promise<string> {
  const { parse } = await import("jsonc-parser");
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const position = Math.min(errors[0]?.offset ?? text.length, text.length);
  const lines = text.slice(0, position).split("\n");
  return `it is malformed at position ${position} (line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1})`;
}
