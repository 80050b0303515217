/** OpenAI Responses, as far as it can be spoken without memory: what answers are kept for is the gateway's matter. */

import type { Dialect } from "../dialect.ts";
import { formatError, parseError } from "../openai_error.ts";
import { eventFormatter } from "./event_formatter.ts";
import { eventParser } from "./event_parser.ts";
import { formatRequest, relayRequest } from "./format_request.ts";
import { parseRequest } from "./parse_request.ts";
import { asksForCompaction } from "./compaction.ts";
import { formatCompaction, formatResponse, parseResponse } from "./response.ts";

export const openaiResponses: Dialect = {
  name: "openai_responses",
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
  // A summary is no answer as its upstream told it.
  relays: ({ source }) => !asksForCompaction(source.body),
  parseError,
  formatError,
};

/** The route that answers with a conversation made shorter, and nothing else. */
export const openaiCompaction: Dialect = { ...openaiResponses, formatResponse: formatCompaction };
