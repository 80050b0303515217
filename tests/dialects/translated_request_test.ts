/** Tests of what a client of one dialect says, as an upstream of another is told of it. */

import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { DialectName } from "../../chat/event.ts";
import { isObject } from "../../dialects/json.ts";
import { DIALECTS } from "../support/dialects.ts";

const ROUTE = { model: "m", verb: "generateContent", sse: false };
const HI = { role: "user", content: "Hi" };

function dialectOf(name: DialectName) {
  return DIALECTS.find(({ dialect }) => dialect.name === name)!.dialect;
}

function translate(from: DialectName, body: JsonObject, to: DialectName) {
  const request = dialectOf(from).parseRequest(from === "gemini" ? body : { model: "m", ...body }, {
    text: JSON.stringify(body),
    ...(from === "gemini" && { route: ROUTE }),
  });
  const target = { model: to === "gemini" ? "gemini-3-pro" : "m", stream: false, facts: {}, quirks: {} };
  return dialectOf(to).formatRequest(request, target);
}

/** The value at a path of members and places, `messages.0.content`. */
function at(value: Json, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>(
    (found, key) => Array.isArray(found) ? found.at(Number(key)) : isObject(found) ? found[key] : undefined,
    value,
  );
}

interface Row {
  name: string;
  from: DialectName;
  body: JsonObject;
  to: DialectName;
  /** What the upstream is sent, by its place. */
  sent: Record<string, Json | undefined>;
  /** Paths that are named as lost, and with a `!` before them those that are not. */
  lost?: string[];
}

const GRAMMAR = { syntax: "lark", definition: "start: X" };

const ROWS: Row[] = [
  {
    name: "a grammar of a chat's free-text tool stands beside its type in the Responses API",
    from: "openai_chat",
    body: {
      messages: [HI],
      tools: [{ type: "custom", custom: { name: "sh", format: { type: "grammar", grammar: GRAMMAR } } }],
    },
    to: "openai_responses",
    sent: { "tools.0.format": { type: "grammar", ...GRAMMAR } },
  },
  {
    name: "a grammar of a response's free-text tool is a member of its own in a chat",
    from: "openai_responses",
    body: { input: "Hi", tools: [{ type: "custom", name: "sh", format: { type: "grammar", ...GRAMMAR } }] },
    to: "openai_chat",
    sent: { "tools.0.custom.format": { type: "grammar", grammar: GRAMMAR } },
  },
];

for (const { name, from, body, to, sent, lost = [] } of ROWS) {
  Deno.test(name, () => {
    const written = translate(from, body, to);
    for (const [path, value] of Object.entries(sent)) assert.deepEqual(at(written.body, path), value, path);
    const paths = written.lost.map(({ path }) => path);
    for (const path of lost) {
      assert.equal(paths.includes(path.replace("!", "")), !path.startsWith("!"), `${path} in ${paths.join(", ")}`);
    }
  });
}
