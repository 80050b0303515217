import assert from "node:assert/strict";
import { ADMIN_KEY } from "../support/admin.ts";
import { type GatewayProcess, startGatewayProcess } from "../support/process.ts";

const ADMIN = { authorization: `Bearer ${ADMIN_KEY}` };

/** Two gateways that share a database. */
async function withTwo(run: (gateways: [GatewayProcess, GatewayProcess]) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  const env = { KV_URL: `${directory}/kv`, ADMIN_KEY, RECORDS: "off", LOG_LEVEL: "error" };
  const started: GatewayProcess[] = [];
  try {
    for (let at = 0; at < 2; at++) started.push(await startGatewayProcess({ entry: "main.ts", env, cwd: "/" }));
    await run(started as [GatewayProcess, GatewayProcess]);
  } finally {
    await Promise.all(started.map((gateway) => gateway.close()));
    await Deno.remove(directory, { recursive: true });
  }
}

async function makeKey({ url }: GatewayProcess, limits: Record<string, number>) {
  const response = await fetch(`${url}/admin/keys`, {
    method: "POST",
    headers: ADMIN,
    body: JSON.stringify({ name: "shared", limits }),
  });
  const { secret, key: { id } } = await response.json();
  assert.equal(response.status, 201);
  return { secret, id };
}

async function chat({ url }: GatewayProcess, secret: string): Promise<{ status: number; tokens: number }> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
    body: JSON.stringify({ model: "demo/echo", messages: [{ role: "user", content: "word ".repeat(50) }] }),
  });
  const { usage } = await response.json();
  return { status: response.status, tokens: usage?.total_tokens ?? 0 };
}

async function untilStatus(gateway: GatewayProcess, secret: string, status: number) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await chat(gateway, secret);
    if (answer.status === status) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`It never came to ${status}`);
}

/** Asks both from many sides at once, until each side was refused a few times in a row; sums up what all came to. */
async function storm(gateways: readonly GatewayProcess[], secret: string): Promise<number> {
  let tokens = 0;
  const side = async (gateway: GatewayProcess) => {
    for (let refusals = 0; refusals < 4;) {
      const answer = await chat(gateway, secret);
      tokens += answer.tokens;
      if (answer.status === 200) refusals = 0;
      else {
        assert.equal(answer.status, 429);
        refusals++;
        // Time for a lease that the other does not use to come back.
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  };
  await Promise.all(gateways.flatMap((gateway) => Array.from({ length: 6 }, () => side(gateway))));
  return tokens;
}

function assertWithin(value: number, limit: number): void {
  assert.ok(value >= limit * 0.98 && value <= limit * 1.02, `${value} of ${limit}`);
}

Deno.test("a limit holds across two processes within two percent, and a key that was taken back is refused by both", async () => {
  await withTwo(async ([here, there]) => {
    // A limit of a day, as one of a minute frees up while the test runs.
    const { secret, id } = await makeKey(here, { tokensPerDay: 50_000 });
    // Until the other has heard of a first key, it is open to all.
    await untilStatus(there, "sk-any-unknown", 401);
    const { tokens: first } = await untilStatus(there, secret, 200);
    const told = first + await storm([here, there], secret);
    assertWithin(told, 50_000);
    const { keys: [key] } = await (await fetch(`${there.url}/admin/keys`, { headers: ADMIN })).json();
    // What one of them has leased and not used yet is shown as used.
    assertWithin(key.use.tokensPerDay.used, told);
    const response = await fetch(`${here.url}/admin/keys/${id}`, { method: "DELETE", headers: ADMIN });
    assert.equal(response.status, 204);
    await untilStatus(there, secret, 401);
  });
});
