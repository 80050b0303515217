/** OpenAI's Completions, the API before chat: old clients and editors still speak it. */

import type { Dialect } from "../dialect.ts";
import { formatError, parseError } from "../openai_error.ts";
import { patchJson } from "../patch_json.ts";
import { eventFormatter } from "./event_formatter.ts";
import { eventParser, parseResponse } from "./event_parser.ts";
import { formatRequest } from "./format_request.ts";
import { parseRequest } from "./parse_request.ts";
import { formatResponse } from "./response.ts";

/** `POST /v1/completions` */
export const openaiCompletions: Dialect = {
  name: "openai_completions",
  framing: "sse",
  streamType: "text/event-stream",
  takesIds: true,
  parseRequest,
  formatRequest,
  relayRequest: (text, _request, { model, stream }) => patchJson(text, { model, stream }),
  eventParser,
  eventFormatter,
  parseResponse,
  formatResponse,
  parseError,
  formatError,
};
