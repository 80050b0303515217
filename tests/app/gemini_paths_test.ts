import assert from "node:assert/strict";
import { startGateway } from "../support/gateway.ts";
import { checkGeminiStream } from "../support/gemini_grammar.ts";
import { startMockUpstream } from "../support/mock_upstream.ts";
import { chunk, completion, DONE, ROLE, STOP, textStream } from "../support/openai_frames.ts";
import { type Pair, withPair } from "../support/pair.ts";

const MODEL = "vendor/model:free";
const OPTIONS = { env: { PROVIDER_UP_MODELS: MODEL, MAX_RETRIES: "1" } };
const BODY = JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hi" }] }] });

/** The model as clients write it into a path: as it is, encoded in parts, encoded whole, and with what SDKs put before it. */
const SPELLINGS = [
  `models/up/${MODEL}`,
  "models/up/vendor/model%3Afree",
  "models/up%2Fvendor%2Fmodel:free",
  encodeURIComponent(`up/${MODEL}`).replace(/^/, "models/"),
  `models/models/up/${MODEL}`,
  `models/${MODEL}`,
];
const VERSIONS = ["v1", "v1beta"];

function post({ gateway }: Pair, path: string): Promise<Response> {
  return fetch(gateway.url + path, { method: "POST", body: BODY });
}

withPair(OPTIONS).test({
  name: "G19 a model with slashes and a colon is found in every spelling of its path, the verb's colon encoded or not",
  async run(pair) {
    const { upstream } = pair;
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    for (const version of VERSIONS) {
      for (const spelling of SPELLINGS) {
        for (const colon of [":", "%3A"]) {
          const path = `/${version}/${spelling}${colon}generateContent`;
          const response = await post(pair, path);
          const answer = await response.json();
          assert.equal(response.status, 200, `${path}: ${JSON.stringify(answer)}`);
          assert.equal(answer.candidates[0].content.parts[0].text, "Hello");
          assert.equal(upstream.requests.at(-1)?.json.model, MODEL, path);
        }
      }
    }
  },
});

withPair(OPTIONS).test({
  name: "G18 with alt=sse a Gemini client gets events without [DONE], without it a JSON array, under both versions",
  async run(pair) {
    pair.upstream.push({ kind: "stream", chunks: textStream("Hel", "lo") });
    for (const version of VERSIONS) {
      const path = `/${version}/models/up/${MODEL}:streamGenerateContent`;
      for (const query of ["?alt=sse", "?key=none&alt=sse"]) {
        const sse = await post(pair, path + query);
        assert.match(sse.headers.get("content-type") ?? "", /^text\/event-stream/);
        assert.equal(checkGeminiStream(await sse.text()).text, "Hello");
      }
      for (const query of ["", "?alt=json"]) {
        const array = await post(pair, path + query);
        assert.match(array.headers.get("content-type") ?? "", /^application\/json/);
        assert.equal(textIn(await array.json()), "Hello");
      }
    }
  },
});

interface Chunk {
  candidates?: { content?: { parts?: { text?: string }[] } }[];
  error?: { code: number; status: string };
}

function textIn(chunks: readonly Chunk[]): string {
  return chunks.map(({ candidates }) => candidates?.[0]?.content?.parts?.[0]?.text ?? "").join("");
}

withPair({ env: { ...OPTIONS.env, KEEP_ALIVE_INTERVAL: "10" } }).test({
  name: "G18 the array stays JSON when the stream is kept alive and then breaks",
  async run(pair) {
    const chunks = [ROLE, chunk({ content: "Hel" }), chunk({ content: "lo" })];
    pair.upstream.push({ kind: "stream", chunks, delay: 25, then: "cut" });
    const response = await post(pair, `/v1beta/models/up/${MODEL}:streamGenerateContent`);
    const text = await response.text();
    assert.match(text, /^\n/, "the first keep-alive stands before the array");
    const answer: Chunk[] = JSON.parse(text);
    assert.equal(textIn(answer), "Hello");
    assert.deepEqual(Object.keys(answer.at(-1) ?? {}), ["error"]);
    assert.equal(answer.at(-1)?.error?.status, "INTERNAL");
  },
});

withPair(OPTIONS).test({
  name: "G19 a path without a verb that is known is no route",
  async run(pair) {
    pair.upstream.push({ kind: "stream", chunks: [ROLE, STOP, DONE] });
    for (const verb of ["", ":", ":predict", ":generateContent:", ":streamGenerateContentX"]) {
      const response = await post(pair, `/v1beta/models/up/${MODEL}${verb}`);
      assert.equal(response.status, 404, verb);
      assert.equal((await response.json()).error.status, "NOT_FOUND");
    }
    assert.equal(pair.upstream.requests.length, 0);
  },
});

withPair(OPTIONS).test({
  name: "G19 a path without models/, as some clients write it for ids with slashes, is found, too",
  async run(pair) {
    pair.upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    for (const version of VERSIONS) {
      const response = await post(pair, `/${version}/up/${MODEL}:generateContent`);
      assert.equal(textIn([await response.json()]), "Hello");
    }
  },
});

withPair(OPTIONS).test({
  name: "E3 errors of shared paths are told in the dialect that the path or the headers name",
  async run({ gateway }) {
    const ask = async (path: string, headers: Record<string, string> = {}) =>
      await (await fetch(gateway.url + path, { method: "POST", body: "{", headers })).json();
    assert.equal((await ask("/v1/models/nobody%2Fx%3AgenerateContent")).error.status, "INVALID_ARGUMENT");
    assert.equal((await ask("/v1/nothing", { "anthropic-version": "2023-06-01" })).error.type, "not_found_error");
    assert.equal((await ask("/v1/nothing", { "x-goog-api-key": "k" })).error.status, "NOT_FOUND");
    assert.equal((await ask("/v1/nothing")).error.code, "unknown_url");
  },
});

Deno.test("a model's name leads nowhere else in the vendor's path, be it past a key's models, a filter or a limit", async () => {
  const upstream = startMockUpstream();
  const gem = `[providers.gem]\ntype = "gemini"\nendpoint = "${upstream.url}/v1beta"\napi_key = "k"`;
  const toml = `[app]\nkeys = [{ name = "a", key = "client-key", models = ["gem/allowed*"] }]\n${gem}`;
  const gateway = startGateway({ toml });
  const headers = { authorization: "Bearer client-key" };
  try {
    for (const model of ["allowed/../secret", "allowed/../../../v1/tuned/other", "./allowed", "..", "allowed/."]) {
      const response = await gateway.chat({ model: `gem/${model}` }, { headers });
      assert.equal(response.status, 404, `${model}: ${await response.text()}`);
      for (const verb of ["countTokens", "embedContent", "generateContent"]) {
        const path = `/v1beta/models/${encodeURIComponent(`gem/${model}`)}:${verb}`;
        const body = verb === "embedContent" ? JSON.stringify({ content: { parts: [{ text: "Hi" }] } }) : BODY;
        const asked = await fetch(gateway.url + path, { method: "POST", headers, body });
        assert.equal(asked.status, 404, `${path}: ${await asked.text()}`);
      }
    }
    const half = await gateway.chat({ model: "gem/allowed\ud800" }, { headers });
    assert.equal(half.status, 404, await half.text());
    assert.deepEqual(upstream.requests, []);
  } finally {
    await gateway.close();
    await upstream.close();
  }
});
