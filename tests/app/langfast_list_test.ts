import assert from "node:assert/strict";
import catalogue from "../../models.json" with { type: "json" };
import { startGateway } from "../support/gateway.ts";

const LANGFAST = {
  LANGFAST_SUPABASE_URL: "https://project.supabase.test",
  LANGFAST_ANON_KEY: "anon",
  LANGFAST_SOCKET_URL: "wss://socket.test",
  USER_SET_KEY: "client-key-1",
};

/** Status and ids of `GET path`. */
async function ask(url: string, path: string, init: RequestInit = {}): Promise<{ status: number; ids: string[] }> {
  const response = await fetch(url + path, init);
  const { data = [], id } = await response.json();
  return { status: response.status, ids: id === undefined ? data.map((model: { id: string }) => model.id) : [id] };
}

Deno.test("where LangFast is all there is, its list is open to everybody and has the ids that langfast2api's had", async () => {
  const models = { ...catalogue, models: { ...catalogue.models, "our-secret": { candidates: ["langfast/gpt-5"] } } };
  const { url, close } = startGateway({ env: LANGFAST, models });
  try {
    const { status, ids } = await ask(url, "/v1/models");
    assert.equal(status, 200);
    assert.ok(ids.includes("gpt-5") && ids.every((id) => !id.includes("/")), ids.join());
    assert.ok(!ids.includes("our-secret"), "a name that the owner gave is for those who have a key");
    assert.equal((await ask(url, "/v1/models/our-secret")).status, 403);
    assert.deepEqual((await ask(url, "/v1/models", { headers: { authorization: "Bearer wrong" } })).ids, ids);
    assert.deepEqual(await ask(url, "/v1/models/gpt-5"), { status: 200, ids: ["gpt-5"] });
    for (const path of ["/api/tags", "/v1/sessions", "/v1beta/models"]) {
      assert.equal((await ask(url, path)).status, 401, path);
    }
    for (const path of ["/v1/chat/completions", "/v1/models/gpt-5:generateContent"]) {
      assert.equal((await ask(url, path, { method: "POST", body: "{}" })).status, 401, path);
    }
  } finally {
    await close();
  }
});

Deno.test("beside another provider LangFast's list is for those who have a key", async () => {
  const { url, close } = startGateway({ env: { ...LANGFAST, OPENAI_API_KEY: "k", PROVIDER_OPENAI_MODELS: "gpt-5" } });
  try {
    assert.equal((await ask(url, "/v1/models")).status, 401);
    const { ids } = await ask(url, "/v1/models", { headers: { authorization: "Bearer client-key-1" } });
    assert.ok(ids.includes("langfast/gpt-5") && ids.includes("openai/gpt-5"));
  } finally {
    await close();
  }
});
