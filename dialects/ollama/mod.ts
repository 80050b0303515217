/** Ollama's own API, both routes that answer: one codec, which reads and writes their requests and their lines apart. */

import type { Dialect } from "../dialect.ts";
import { type AnswerForm, chatForm, generateForm } from "./answer_form.ts";
import { formatError, parseError } from "./error.ts";
import { eventFormatter } from "./event_formatter.ts";
import { eventParser, parseResponse } from "./event_parser.ts";
import { formatChat, formatGenerate } from "./format_request.ts";
import { parseChat, parseGenerate } from "./parse_request.ts";
import { formatLoaded } from "./load.ts";
import { relayRequest } from "./relay_request.ts";
import { formatResponse } from "./response.ts";

/** `POST /api/chat` */
export const ollama: Dialect = {
  name: "ollama",
  parseRequest: parseChat,
  formatRequest: formatChat,
  ...answersOf(chatForm),
};

/** `POST /api/generate` */
export const ollamaGenerate: Dialect = {
  name: "ollama_generate",
  parseRequest: parseGenerate,
  formatRequest: formatGenerate,
  ...answersOf(generateForm),
};

function answersOf(form: AnswerForm): Omit<Dialect, "name" | "parseRequest" | "formatRequest"> {
  return {
    framing: "ndjson",
    streamType: "application/x-ndjson",
    answerEmpty: formatLoaded,
    relayRequest,
    eventParser,
    eventFormatter: (_request, options) => eventFormatter(form, options),
    parseResponse,
    formatResponse: (reply, _request, options) => formatResponse(form, reply, options),
    parseError,
    formatError,
  };
}
