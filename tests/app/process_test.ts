import assert from "node:assert/strict";
import { startGatewayProcess } from "../support/process.ts";

const BODY = JSON.stringify({ model: "demo/slow", stream: true, messages: [{ role: "user", content: "Hi" }] });

Deno.test("deploy.ts starts with no configuration, secrets or storage, and answers soon", async () => {
  const startedAt = performance.now();
  const gateway = await startGatewayProcess({ entry: "deploy.ts", cwd: "/" });
  try {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "demo/echo", messages: [{ role: "user", content: "Hi" }] }),
    });
    const answer = await response.json();
    assert.equal(answer.choices[0].message.content, "Hi");
    // A third of a second on a quiet machine; a busy one takes several.
    assert.ok(performance.now() - startedAt < 30_000);
  } finally {
    await gateway.close();
  }
});

Deno.test("deploy.ts tells a bad configuration by /health; main.ts ends with it, naming path, value and expectation", async () => {
  const env = { PORT: "eighty", PROVIDER_X_TYPE: "telepathy" };
  const gateway = await startGatewayProcess({ entry: "deploy.ts", env, cwd: "/" });
  try {
    const response = await fetch(`${gateway.url}/health`);
    assert.equal(response.status, 503);
    const told = JSON.stringify((await response.json()).problems);
    for (const part of ["PORT", "eighty", "PROVIDER_X_TYPE", "telepathy"]) assert.ok(told.includes(part), told);
  } finally {
    await gateway.close();
  }
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", main], env, cwd: "/" })
    .output();
  assert.equal(code, 1);
  assert.match(new TextDecoder().decode(stderr), /PORT is "eighty", expected a port/);
});

Deno.test("main.ts prints its address, its providers and a curl that works", async () => {
  const gateway = await startGatewayProcess({ entry: "main.ts", cwd: "/", env: { DEEPSEEK_API_KEY: "k-123456" } });
  try {
    const text = gateway.output();
    assert.match(text, /anystream \d+\.\d+\.\d+ on http:\/\//);
    assert.match(text, /providers: deepseek, demo/);
    const command = text.match(/curl -N[^]*?}'/)?.[0].replaceAll(/http:\/\/[^/]+/g, gateway.url) ?? "";
    const { stdout } = await new Deno.Command("sh", { args: ["-c", command], stderr: "null" }).output();
    assert.match(new TextDecoder().decode(stdout), /data: \[DONE\]/);
    assert.ok(!text.includes("k-123456"));
  } finally {
    await gateway.close();
  }
});

Deno.test("SIGINT lets a running answer finish, and ends the process", async () => {
  const gateway = await startGatewayProcess({ entry: "main.ts", cwd: "/" });
  try {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body: BODY });
    gateway.kill("SIGINT");
    assert.match(await response.text(), /data: \[DONE\]\n\n$/);
    assert.equal((await gateway.status).code, 0);
  } finally {
    await gateway.close();
  }
});

Deno.test("SIGINT gives an answer that takes too long an error frame within five seconds", async () => {
  const gateway = await startGatewayProcess({ entry: "main.ts", cwd: "/", env: { KEEP_ALIVE_INTERVAL: "50" } });
  try {
    const body = BODY.replace("slow", "hang");
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body });
    const startedAt = performance.now();
    gateway.kill("SIGINT");
    const text = await response.text();
    assert.match(text, /data: \{"error":\{[^\n]*shutting_down/);
    assert.equal((await gateway.status).code, 0);
    assert.ok(performance.now() - startedAt < 5000);
  } finally {
    await gateway.close();
  }
});

Deno.test("V16 ten thousand clients that connect and vanish leave the process alive, silent, and its memory back where it was", async () => {
  // Records are kept on purpose.
  const env = { LOG_LEVEL: "error", RECORDS: "off" };
  const gateway = await startGatewayProcess({ entry: "main.ts", cwd: "/", env });
  try {
    const port = Number(new URL(gateway.url).port);
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${BODY.length}\r\n\r\n`;
    const request = new TextEncoder().encode(head + BODY);
    const storm = async (clients: number) => {
      for (let wave = 0; wave < clients; wave += 500) {
        await Promise.all(Array.from({ length: 500 }, async (_, at) => {
          const connection = await Deno.connect({ hostname: "127.0.0.1", port });
          await connection.write(at % 3 === 0 ? request.subarray(0, head.length + 10) : request);
          connection.close();
        }));
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    };
    // The first storm grows the heap to its working size; what stays above it after the second would be a leak.
    await storm(10_000);
    const before = await gateway.memory();
    await storm(10_000);
    // Garbage is collected when the runtime sees fit, and a busy machine sees late.
    let after = await gateway.memory();
    for (let attempt = 0; attempt < 40 && after > before * 1.2; attempt++) {
      await storm(500);
      after = await gateway.memory();
    }
    assert.ok(after < before * 1.2 + 32e6, `${Math.round(before / 1e6)} MB became ${Math.round(after / 1e6)} MB`);
    assert.doesNotMatch(gateway.output(), /unhandled|uncaught|panic/i);
    const answer = await fetch(`${gateway.url}/health`);
    assert.equal((await answer.json()).status, "ok");
  } finally {
    await gateway.close();
  }
});

Deno.test("main.ts says that its port is another's, and the container's health check finds the port of a file", async () => {
  const gateway = await startGatewayProcess({ entry: "main.ts", cwd: "/" });
  const run = (args: string[], env: Record<string, string>) =>
    new Deno.Command(Deno.execPath(), { args: ["run", "-A", ...args], env, cwd: "/" }).output();
  const pathOf = (file: string) => new URL(`../../${file}`, import.meta.url).pathname;
  try {
    const { port } = new URL(gateway.url);
    const { code, stderr } = await run([pathOf("main.ts")], { PORT: port, HOST: "127.0.0.1" });
    const said = new TextDecoder().decode(stderr);
    assert.equal(code, 1);
    assert.match(said, new RegExp(`^Cannot listen on 127.0.0.1:${port} as another program does: set PORT`));
    assert.ok(!said.includes("    at "), said);
    const toml = `[app]\nport = ${port}`;
    assert.equal((await run([pathOf("tools/healthy.ts")], { CONFIG_TOML: toml })).code, 0);
  } finally {
    await gateway.close();
  }
  assert.equal((await run([pathOf("tools/healthy.ts")], { CONFIG_TOML: "[app]\nport = 1" })).code, 1);
});
