/** `docs/dialects.md`: what each dialect cannot be told, found by writing each wish in each of them. */

import type { ChatRequest, Message, UserPart } from "../../chat/request.ts";
import { sampleRequest, user } from "../../tests/chat/sample_request.ts";
import { DIALECTS } from "../../tests/support/dialects.ts";

const HEAD = `# Dialects and losses

<!-- Written by \`deno task docs\`: the tables are made by writing each wish in each dialect. -->

A client's dialect and an upstream's need not be the same. Where they are, a request goes out as the client wrote it, but for
the model's name and what the vendor is known to refuse, and frames come back as they are. Where they are not, both are translated over one neutral form.

| dialect | routes | clients |
| --- | --- | --- |
| OpenAI Chat Completions | \`POST /v1/chat/completions\`, and \`/v1/completions\` for texts | most chat apps, Qwen Code |
| OpenAI Responses | \`POST /v1/responses\`, \`/v1/responses/compact\`, \`/v1/responses/input_tokens\` | Codex, OpenAI's own SDK |
| Anthropic Messages | \`POST /v1/messages\`, \`/v1/messages/count_tokens\` | Claude Code |
| Gemini | \`POST /v1beta/models/MODEL:generateContent\`, \`:streamGenerateContent\`, \`:countTokens\` | Gemini CLI |
| Ollama | \`POST /api/chat\`, \`/api/generate\`, \`GET /api/tags\` | apps that know only Ollama |

\`GET /v1/models\` answers in the dialect of whoever asks. Embeddings, too, are there in the words of
OpenAI (\`POST /v1/embeddings\`), Ollama (\`/api/embed\`, \`/api/embeddings\`) and Gemini (\`:embedContent\`,
\`:batchEmbedContents\`), whatever the upstream's are.

A path is read from its end: a base URL with one \`/v1\` too many or too few, with another vendor's path (\`/openai/v1\`,
\`/api/v1\`, \`/anthropic\`) or with a slash behind it leads to the same routes.

## What an upstream's dialect cannot say

A wish that an upstream has no word for is left out, never a reason to refuse the request. The response header
\`x-anystream-lost\` names the fields, and the request's record says why. "✓" stands for what is carried, or rebuilt by other
means.
`;

const FOOT = `
One wish is refused: a \`thread\`, by which Anthropic itself would hold the conversation, as the next request's upstream could
not know of it. The tool runners of Anthropic's SDKs ask for one, and send the whole conversation when they are told so;
\`client.beta.messages.thread()\` does with \`unsupportedRequestBehavior: "continue_unthreaded"\`. So is a \`cachedContent\` that
Google holds, wherever the upstream is not Gemini.

## What an answer can lose

- **Signed thoughts.** Anthropic's and Gemini's signatures mean something only to the vendor that made them. The gateway keeps
  them for a while and puts them back when the conversation goes on, so that a client of another dialect does not have to.
- **Finish reasons** are mapped by total tables. OpenAI's clients find the upstream's own word in \`native_finish_reason\`.
- **Token counts** that an upstream does not give are estimated, and marked so in \`x-anystream-estimated\` and the record.
  Of a prompt that is longer than 10,000 characters samples are looked at, some percent off.
- **Tools that run at the vendor** (web search, code execution) are carried to an upstream of the same dialect, and to another
  where it has the like: a search of the web keeps the domains it is to look in, and what it found is told in the client's own
  blocks, grounding or notes. Elsewhere they are left out; \`SEARCH_MODEL\` names a model that searches are sent to.
- **Stop sequences** that an upstream takes none of, or too many, are looked for in its answer, which ends at the first.
- **The prompt cache.** Claude keeps of a prompt what is marked; all others cache unasked. Claude Code's marks reach Claude at
  whatever upstream, and clients that know no marks have theirs set: behind the instructions and the last turn, where tools or
  an earlier turn say that a conversation goes on. \`cacheMarks\` among a provider's quirks switches it off.
- **Several choices** (\`n\`) exist in OpenAI's Chat Completions and in Gemini only.
`;

const parts = (...content: UserPart[]): Partial<ChatRequest> => ({ messages: [{ role: "user", parts: content }] });
const PIXEL = { kind: "base64", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;
const calls: Message[] = [
  user("How is the weather?"),
  { role: "assistant", parts: [{ type: "tool-call", id: "call_1", name: "weather", json: "{}" }] },
  { role: "tool", callId: "call_1", parts: [{ type: "text", text: "it failed" }], isError: true },
];

const WEATHER: Partial<ChatRequest> = {
  tools: [{ type: "function", name: "weather", parameters: { type: "object", properties: {} } }],
};

const WISHES: Readonly<Record<string, Partial<ChatRequest>>> = {
  "an image in the request": parts({ type: "image", source: PIXEL }),
  "an image by its URL": parts({ type: "image", source: { kind: "url", url: "https://example.com/a.png" } }),
  "a document": parts({ type: "file", source: { ...PIXEL, mediaType: "application/pdf" }, filename: "a.pdf" }),
  "sound": parts({ type: "audio", data: "UklGRg==", format: "wav" }),
  "film": parts({ type: "video", source: { ...PIXEL, mediaType: "video/mp4" } }),
  "a function": WEATHER,
  "a tool with free text": { tools: [{ type: "custom", name: "patch" }] },
  "a tool result that is an error": { messages: calls },
  "this tool and no other": { ...WEATHER, toolChoice: { mode: "tool", name: "weather" } },
  "one call at a time": { ...WEATHER, parallelToolCalls: false },
  "the longest answer": { maxTokens: 100 },
  "temperature": { temperature: 0.5 },
  "top_p": { topP: 0.5 },
  "top_k": { topK: 40 },
  "min_p": { minP: 0.1 },
  "presence and frequency penalty": { presencePenalty: 1, frequencyPenalty: 1 },
  "a seed": { seed: 7 },
  "stop sequences": { stop: ["END"] },
  "several choices": { n: 2 },
  "log probabilities": { logprobs: true, topLogprobs: 2 },
  "a bias for tokens": { logitBias: { "50256": -100 } },
  "how much to think": { reasoning: { effort: "high", show: true } },
  "JSON": { output: { type: "json" } },
  "JSON by a schema": { output: { type: "schema", schema: { type: "object", properties: {} }, name: "answer" } },
  "how wordy": { verbosity: "low" },
  "who the user is": { user: "user-1" },
  "metadata": { metadata: { topic: "weather" } },
  "the service's tier": { serviceTier: "flex" },
  "a key for the vendor's cache": { cacheKey: "conversation-1" },
  "marks for the vendor's cache": parts({ type: "text", text: "Hi", cache: { type: "ephemeral" } }),
};

export function formatDialects(): string {
  const head = ["", ...DIALECTS.map(({ dialect }) => dialect.name)];
  const rows = Object.entries(WISHES).map((
    [wish, changes],
  ) => [wish, ...DIALECTS.map(({ dialect }) => fate(changes, dialect))]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [HEAD, line(head), line(head.map(() => "---")), ...rows.map(line), FOOT].join("\n");
}

/** "✓", or why it is lost. */
function fate(changes: Partial<ChatRequest>, dialect: (typeof DIALECTS)[number]["dialect"]): string {
  const request = sampleRequest(changes);
  const { lost } = dialect.formatRequest(request, {
    model: "m",
    stream: true,
    facts: { thinking: "effort" },
    quirks: {},
  });
  return lost.length === 0 ? "✓" : [...new Set(lost.map(({ reason }) => reason))].join("; ");
}
