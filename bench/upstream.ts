/** The upstream of the load benchmark: answers at once, whole or as a stream of 64 frames, in OpenAI's words. */

export const FRAMES = 64;

const utf8 = new TextEncoder();
const head = { id: "chatcmpl-bench", created: 1_760_000_000, model: "bench" };
const usage = { prompt_tokens: 20, completion_tokens: FRAMES, total_tokens: 20 + FRAMES };

const whole = JSON.stringify({
  ...head,
  object: "chat.completion",
  choices: [{
    index: 0,
    message: { role: "assistant", content: "A word of the answer. ".repeat(FRAMES) },
    finish_reason: "stop",
  }],
  usage,
});

const frames = [
  chunk({ role: "assistant", content: "" }),
  ...Array.from({ length: FRAMES - 3 }, () => chunk({ content: "A word of the answer. " })),
  chunk({}, "stop"),
  `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [], usage })}\n\n`,
  "data: [DONE]\n\n",
].map((frame) => utf8.encode(frame));

function chunk(delta: Record<string, string>, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices })}\n\n`;
}

function streamed(): Response {
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const frame = frames[at++];
      if (frame === undefined) controller.close();
      else controller.enqueue(frame);
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

if (import.meta.main) {
  Deno.serve({ port: Number(Deno.args[0]), hostname: "127.0.0.1", onListen() {} }, async (request) => {
    if (request.method !== "POST") return new Response("ok");
    const { stream } = await request.json();
    return stream ? streamed() : new Response(whole, { headers: { "content-type": "application/json" } });
  });
}
