/** Anthropic Messages. */

import type { Dialect } from "../dialect.ts";
import { patchJson } from "../patch_json.ts";
import { formatError, parseError } from "./error.ts";
import { eventFormatter } from "./event_formatter.ts";
import { eventParser } from "./event_parser.ts";
import { formatRequest } from "./format_request.ts";
import { parseRequest } from "./parse_request.ts";
import { relayRequest } from "./relay_request.ts";
import { formatResponse, parseResponse } from "./response.ts";

export const anthropic: Dialect = {
  name: "anthropic",
  framing: "sse",
  streamType: "text/event-stream",
  takesIds: true,
  // Which betas a body uses stands in a header: each is refused without the other (CASES Q5).
  protocolHeaders: ["anthropic-beta", "anthropic-version"],
  parseRequest,
  formatRequest,
  relayRequest,
  eventParser,
  eventFormatter,
  parseResponse,
  relayResponse: (text, { model }) => patchJson(text, { model }),
  formatResponse,
  parseError,
  formatError,
};
