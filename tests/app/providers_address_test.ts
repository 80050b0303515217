/** No provider that is added while the gateway runs leads into its network: not by its URL, by DNS, or by a redirect. */

import assert from "node:assert/strict";
import { createProvider } from "../../providers/create_provider.ts";
import { createHttpCaller } from "../../providers/http_call.ts";
import type { Provider, ProviderPorts } from "../../providers/provider.ts";
import { ADMIN_KEY } from "../support/admin.ts";
import { startGateway } from "../support/gateway.ts";
import { admin } from "../support/providers.ts";

const FORBIDDEN = [
  ...["http://127.0.0.1:11434/v1", "http://localhost/v1", "http://localhost./v1", "http://LOCALHOST:80/v1"],
  ...["http://app.localhost/v1", "http://0.0.0.0/v1", "http://10.0.0.7/v1", "http://172.16.3.4/v1"],
  ...["http://192.168.0.1/v1", "http://100.64.0.1/v1", "http://169.254.169.254/latest", "http://100.100.100.200/v1"],
  // The same as numbers, in octal, in hexadecimal, and shortened.
  ...[
    "http://2130706433/v1",
    "http://0x7f000001/v1",
    "http://0177.0.0.1/v1",
    "http://127.1/v1",
    "http://0xA9FEA9FE/v1",
  ],
  ...["http://[::1]/v1", "http://[::]/v1", "http://[fe80::1]/v1", "http://[fc00::1]/v1", "http://[fd00:ec2::254]/v1"],
  // IPv4 in IPv6: mapped, compatible, by NAT64, by 6to4, by Teredo.
  ...["http://[::ffff:127.0.0.1]/v1", "http://[::ffff:a9fe:a9fe]/v1", "http://[::127.0.0.1]/v1"],
  ...["http://[64:ff9b::7f00:1]/v1", "http://[2002:7f00:1::]/v1", "http://[2001:0:7f00:1::]/v1"],
  ...["http://metadata.google.internal/v1", "http://metadata.google.internal./v1", "http://metadata/v1"],
  // What the hosts file says, and what nobody knows.
  ...["http://ip6-localhost/v1", "http://no-such-host.invalid/v1"],
];

Deno.test("a provider at a private address is refused at its field when it is saved and when it is tested", async () => {
  const gateway = startGateway({ env: { ADMIN_KEY } });
  try {
    for (const endpoint of FORBIDDEN) {
      for (const path of ["providers", "providers/test"]) {
        const { status, body } = await admin(gateway, "POST", path, { body: { name: "x", type: "openai", endpoint } });
        assert.deepEqual([status, body.errors?.[0]?.path], [400, "endpoint"], `${path} ${endpoint}`);
      }
    }
    const langfast = { supabaseUrl: "http://[::1]", socketUrl: "ws://192.168.1.1", anonKey: "k" };
    const { body } = await admin(gateway, "POST", "providers", { body: { name: "x", type: "langfast", langfast } });
    assert.deepEqual(body.errors.map(({ path }: { path: string }) => path), [
      ...["langfast.supabaseUrl", "langfast.socketUrl"],
    ]);
  } finally {
    await gateway.close();
  }
});

Deno.test("metadata is refused even where private addresses are allowed; the file may name what it likes", async () => {
  const gateway = startGateway({
    env: { ADMIN_KEY, ALLOW_PRIVATE_PROVIDERS: "on", OLLAMA_BASE_URL: "http://127.0.0.1:9" },
  });
  try {
    const body = (endpoint: string) => ({ body: { name: "x", type: "openai", endpoint } });
    const post = async (endpoint: string) => (await admin(gateway, "POST", "providers", body(endpoint))).status;
    assert.equal(await post("http://169.254.169.254/v1"), 400);
    assert.equal(await post("http://[fe80::1]/v1"), 400);
    assert.equal(await post("http://127.0.0.1:9/v1"), 201);
    assert.equal((await admin(gateway, "POST", "providers/ollama/test")).body.verdict, "unreachable");
  } finally {
    await gateway.close();
  }
});

interface World {
  addresses: string[];
  response?: Response;
}

/** Ports of a world in which every name leads to these addresses, and each fetch and connection is noted. */
function portsOf(world: World): { ports: ProviderPorts; fetched: string[] } {
  const fetched: string[] = [];
  const ports: ProviderPorts = {
    fetch: (input, init) => {
      fetched.push(`${input} ${init?.redirect}`);
      return Promise.resolve(world.response ?? Response.json({ data: [{ id: "m" }] }));
    },
    fetchAt: (address, url, init) => {
      fetched.push(`${url} ${init.redirect} at ${address}`);
      return Promise.resolve(Response.json({ data: [{ id: "m" }] }));
    },
    connect: (url) => {
      fetched.push(`connect ${url.host}`);
      return Promise.resolve();
    },
    WebSocket,
    resolveHost: () => Promise.resolve(world.addresses),
    now: () => 0,
    random: () => 0,
    randomId: () => "id",
  };
  return { ports, fetched };
}

function relay(ports: ProviderPorts): Provider {
  return createProvider({
    name: "relay",
    type: "openai",
    api: "chat",
    endpoint: "https://relay.example/v1",
    apiKeys: ["k"],
    auth: "bearer",
    headers: {},
    query: {},
    quirks: {},
    publicOnly: true,
  }, ports);
}

const list = (provider: Provider) => provider.listModels(new AbortController().signal);

Deno.test("a name that leads to a private address by now is refused at connecting, whatever it was at saving", async () => {
  const world: World = { addresses: ["93.184.216.34"] };
  const { ports, fetched } = portsOf(world);
  const provider = relay(ports);
  assert.equal((await list(provider)).length, 1);
  for (const addresses of [["10.0.0.1"], ["93.184.216.34", "::1"], ["169.254.169.254"], []]) {
    world.addresses = addresses;
    await assert.rejects(list(provider), { kind: "forbidden" }, addresses.join());
  }
  assert.equal(fetched.length, 1);
});

Deno.test("a redirect is not followed: it would lead around all of that", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const headers = { location: "http://169.254.169.254/latest/meta-data" };
    const { ports, fetched } = portsOf({
      addresses: ["93.184.216.34"],
      response: new Response(null, { status, headers }),
    });
    await assert.rejects(list(relay(ports)), (error: { kind: string }) => error.kind !== "internal", String(status));
    assert.deepEqual(fetched, ["https://relay.example/v1/models manual"]);
  }
});

const asked = { headers: {}, timeouts: { connect: 1000, headers: 1000 }, signal: new AbortController().signal };

const callModels = (endpoint: string, ports: ProviderPorts) =>
  createHttpCaller({ endpoint, query: {}, publicOnly: true }, ports)("/models", asked);

Deno.test("in the clear the address that was looked up is the one that is called, as the name may lead elsewhere at once", async () => {
  const { ports, fetched } = portsOf({ addresses: ["93.184.216.34", "2606:2800:220:1::1"] });
  await callModels("http://relay.example:8080/v1", ports);
  assert.deepEqual(fetched, [
    "http://relay.example:8080/v1/models manual at 93.184.216.34",
    "connect 93.184.216.34:8080",
  ]);
});

Deno.test("behind an outbound proxy, which looks names up itself, and by TLS, which tells hosts apart, the name is called", async () => {
  const { ports: { fetchAt: _, connect: __, ...proxied }, fetched } = portsOf({ addresses: ["93.184.216.34"] });
  await callModels("http://relay.example/v1", proxied);
  assert.deepEqual(fetched, ["http://relay.example/v1/models manual"]);
  const { ports, fetched: fetchedByTls } = portsOf({ addresses: ["93.184.216.34"] });
  await callModels("https://relay.example/v1", ports);
  assert.deepEqual(fetchedByTls, ["https://relay.example/v1/models manual", "connect relay.example"]);
});
