/** The Gemini API: `models/<model>:generateContent` and `:streamGenerateContent`. */

import type { Dialect } from "../dialect.ts";
import { formatError, parseError } from "./error.ts";
import { arrayFormatter, eventFormatter } from "./event_formatter.ts";
import { eventParser } from "./event_parser.ts";
import { formatRequest } from "./format_request.ts";
import { parseRequest } from "./parse_request.ts";
import { formatResponse, parseResponse } from "./response.ts";

export const gemini: Dialect = {
  name: "gemini",
  framing: "sse",
  streamType: "text/event-stream",
  tellsMalformed: true,
  /**
   * A whole answer has up to 65,536 tokens where one of Google's SDKs asks for it, and half of that elsewhere:
   * https://ai.google.dev/gemini-api/docs/generate-content/long-decode (seen 2026-11-28).
   */
  protocolHeaders: ["x-goog-api-client"],
  parseRequest,
  formatRequest,
  /** The model and the verb are in the URL, so that nothing of the body is the gateway's. */
  relayRequest: (text) => text,
  eventParser,
  eventFormatter,
  parseResponse,
  formatResponse,
  parseError,
  formatError,
};

/** The same for clients that did not ask for `alt=sse`: their stream is a JSON array (CASES G18). */
export const geminiArray: Dialect = {
  ...gemini,
  streamType: "application/json",
  eventFormatter: arrayFormatter,
};
