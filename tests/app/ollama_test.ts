import assert from "node:assert/strict";
import { startGateway } from "../support/gateway.ts";

Deno.test("ollama: a request without a prompt loads or unloads its model, and asks nobody", async () => {
  const { url, close, logged } = startGateway();
  try {
    const ask = async (path: string, body: Record<string, unknown>) =>
      await (await fetch(url + path, { method: "POST", body: JSON.stringify({ model: "demo/echo", ...body }) })).json();
    assert.equal((await ask("/api/generate", {})).done_reason, "load");
    assert.equal((await ask("/api/chat", { messages: [], keep_alive: 0 })).done_reason, "unload");
    assert.equal((await logged()).end, "done");
  } finally {
    await close();
  }
});
