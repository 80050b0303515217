import assert from "node:assert/strict";
import { parseModelPath } from "../../../dialects/gemini/parse_path.ts";

const PATHS: [string, ReturnType<typeof parseModelPath>][] = [
  ["models/gemini-2.5-flash:generateContent", { model: "gemini-2.5-flash", verb: "generateContent" }],
  ["models/a/b:c:streamGenerateContent", { model: "a/b:c", verb: "streamGenerateContent" }],
  ["a/b:c:countTokens", { model: "a/b:c", verb: "countTokens" }],
  ["models/oai%2Ftext%3Afree:generateContent", { model: "oai/text:free", verb: "generateContent" }],
  ["models/gemini%3AgenerateContent", { model: "gemini", verb: "generateContent" }],
  ["/models/x:generateContent", { model: "x", verb: "generateContent" }],
  ["models/models/x:generateContent", { model: "models/x", verb: "generateContent" }],
  ["models/50%:generateContent", { model: "50%", verb: "generateContent" }],
  ["models/x", undefined],
  ["models/x:embedContent", { model: "x", verb: "embedContent" }],
  ["models/x:batchEmbedContents", { model: "x", verb: "batchEmbedContents" }],
  ["models/x:embedText", undefined],
  ["models/:generateContent", undefined],
  [":generateContent", undefined],
  ["generateContent", undefined],
  ["", undefined],
];

for (const [path, expected] of PATHS) {
  Deno.test(`G19 the path ${JSON.stringify(path)} names ${expected ? `${expected.model} and ${expected.verb}` : "nothing"}`, () => {
    assert.deepEqual(parseModelPath(path), expected);
  });
}
