/** OpenAI Chat Completions, and what compatible vendors make of it. */

import type { Dialect } from "../dialect.ts";
import { formatError, parseError } from "../openai_error.ts";
import { eventFormatter } from "./event_formatter.ts";
import { eventParser } from "./event_parser.ts";
import { formatRequest } from "./format_request.ts";
import { parseRequest } from "./parse_request.ts";
import { relayRequest } from "./relay_request.ts";
import { formatResponse, parseResponse } from "./response.ts";

export const openaiChat: Dialect = {
  name: "openai_chat",
  framing: "sse",
  streamType: "text/event-stream",
  takesIds: true,
  parseRequest,
  formatRequest,
  relayRequest,
  eventParser,
  eventFormatter,
  parseResponse,
  formatResponse,
  parseError,
  formatError,
};
