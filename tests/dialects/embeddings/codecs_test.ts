import assert from "node:assert/strict";
import { geminiEmbeddings } from "../../../dialects/embeddings/gemini.ts";
import { ollamaEmbeddings } from "../../../dialects/embeddings/ollama.ts";
import { openaiEmbeddings } from "../../../dialects/embeddings/openai.ts";
import { parseEmbeddingRequest } from "../../../dialects/embeddings/parse_request.ts";

function request(input: unknown, more: Record<string, unknown> = {}) {
  return parseEmbeddingRequest({ model: "m", input, ...more });
}

const texts = (count: number) => Array.from({ length: count }, (_, at) => `text ${at}`);

Deno.test("OpenAI's own words go out and come back as they are, unknown members included", () => {
  const body = { model: "m", input: [[1, 2]], input_type: "query", encoding_format: "base64" };
  assert.deepEqual(openaiEmbeddings.format(parseEmbeddingRequest(body)), [body]);
  const answer = { object: "list", data: [{ embedding: "AAAA", index: 0 }], model: "m-001", id: "x" };
  assert.deepEqual(openaiEmbeddings.parse([answer], request("a")), answer);
});

Deno.test("an answer without embeddings is none", () => {
  for (const answer of [undefined, "text", [], {}, { error: { message: "no" } }, { data: [{}] }, { data: [7] }]) {
    assert.equal(openaiEmbeddings.parse([answer], request("a")), undefined, JSON.stringify(answer));
    assert.equal(geminiEmbeddings.parse([answer], request("a")), undefined, JSON.stringify(answer));
    assert.equal(ollamaEmbeddings.parse([answer], request("a")), undefined, JSON.stringify(answer));
  }
});

Deno.test("Gemini is asked for each text by the model's full name, with its dimensions", () => {
  assert.deepEqual(geminiEmbeddings.format(request(["a", "b"], { dimensions: 8, user: "u" })), [{
    requests: ["a", "b"].map((text) => ({
      model: "models/m",
      content: { parts: [{ text }] },
      outputDimensionality: 8,
    })),
  }]);
  const [{ requests }] = geminiEmbeddings.format(request("a", { model: "tunedModels/x" })) as [{ requests: unknown[] }];
  assert.deepEqual(requests, [{ model: "tunedModels/x", content: { parts: [{ text: "a" }] } }]);
});

Deno.test("Gemini takes 100 texts at a time, and the answers are one again, in order", () => {
  const asked = request(texts(250));
  const bodies = geminiEmbeddings.format(asked) as { requests: { content: { parts: { text: string }[] } }[] }[];
  assert.deepEqual(bodies.map(({ requests }) => requests.length), [100, 100, 50]);
  const answers = bodies.map(({ requests }) => ({
    embeddings: requests.map(({ content }) => ({ values: [Number(content.parts[0]?.text.slice(5))] })),
    usageMetadata: { promptTokenCount: requests.length },
  }));
  assert.deepEqual(geminiEmbeddings.parse(answers, asked), {
    object: "list",
    data: texts(250).map((_, index) => ({ object: "embedding", index, embedding: [index] })),
    model: "m",
    usage: { prompt_tokens: 250, total_tokens: 250 },
  });
  assert.equal(geminiEmbeddings.parse(answers.slice(1), asked), undefined);
});

Deno.test("Gemini's usage is told only where each batch told its own", () => {
  const answer = { embeddings: [{ values: [1] }] };
  assert.equal(geminiEmbeddings.parse([answer], request("a"))?.usage, undefined);
  assert.deepEqual(geminiEmbeddings.parse([{ ...answer, usageMetadata: { promptTokenCount: "x" } }], request("a")), {
    object: "list",
    data: [{ object: "embedding", index: 0, embedding: [1] }],
    model: "m",
  });
});

Deno.test("vectors whose dimensions Gemini cut off are brought back to length 1, as OpenAI's are; others are left", () => {
  const answer = { embeddings: [{ values: [3, 4] }] };
  const vectorOf = (more: Record<string, unknown>) => {
    const { data } = geminiEmbeddings.parse([answer], request("a", more)) as { data: [{ embedding: number[] }] };
    return data[0].embedding;
  };
  assert.deepEqual(vectorOf({ dimensions: 2 }), [0.6, 0.8]);
  assert.deepEqual(vectorOf({}), [3, 4]);
});

Deno.test("Ollama is asked once for all texts, and its count is the usage", () => {
  const asked = request(["a", "b"], { dimensions: 8, user: "u", encoding_format: "base64" });
  assert.deepEqual(ollamaEmbeddings.format(asked), [{ model: "m", input: ["a", "b"], dimensions: 8 }]);
  const answer = { model: "m:latest", embeddings: [[0.5], [1]], prompt_eval_count: 4 };
  assert.deepEqual(ollamaEmbeddings.parse([answer], asked), {
    object: "list",
    data: [{ object: "embedding", index: 0, embedding: [0.5] }, { object: "embedding", index: 1, embedding: [1] }],
    model: "m",
    usage: { prompt_tokens: 4, total_tokens: 4 },
  });
  assert.equal(ollamaEmbeddings.parse([{ embeddings: [[1]] }], asked), undefined);
  assert.equal(ollamaEmbeddings.parse([{ embeddings: [[1], [2]] }], asked)?.usage, undefined);
});

Deno.test("neither Gemini nor Ollama is sent tokens", () => {
  for (const codec of [geminiEmbeddings, ollamaEmbeddings]) {
    assert.throws(() => codec.format(request([1, 2])), { kind: "invalid-request", param: "input" });
  }
});
