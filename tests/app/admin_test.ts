import assert from "node:assert/strict";
import { createMemoryStore } from "../../records/memory_store.ts";
import { createHourTotals, hourKey } from "../../records/hour_totals.ts";
import type { RequestRecord } from "../../records/request_record.ts";
import type { Key, Store } from "../../records/store.ts";
import { ADMIN, ADMIN_KEY, adminJson, recorded } from "../support/admin.ts";
import { countReads } from "../support/counting_store.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { keepRecords } from "../support/kept_records.ts";
import { completion } from "../support/openai_frames.ts";
import { withPair } from "../support/pair.ts";
import { eventually } from "../support/resume.ts";

const ROUTES = ["requests", "requests/req_1", "overview", "export", "export?format=csv", "nothing", "requests%2freq_1"];
const HOUR = 3_600_000;

async function withGateway(
  { env = { ADMIN_KEY }, store }: { env?: Record<string, string>; store?: Store },
  run: (gateway: TestGateway) => Promise<void>,
): Promise<void> {
  const gateway = startGateway({ env, ...(store && { store }) });
  try {
    await run(gateway);
  } finally {
    await gateway.close();
  }
}

function recordAt(startedAt: number, more: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id: `req_${startedAt}`,
    startedAt,
    dialect: "openai_chat",
    stream: true,
    model: "openai/gpt-4o",
    provider: "openai",
    upstreamModel: "gpt-4o",
    status: 200,
    end: "done",
    attempts: 1,
    usage: { input: 1_000, output: 100 },
    ttft: 100 + startedAt % 100,
    tpot: 10,
    total: 2_000,
    tried: [],
    lost: [],
    chunks: 9,
    timeline: { end: 2_000 },
    ...more,
  };
}

/** A store with so many records, one a second up to now, and the hours' totals of them. */
async function storeWith(count: number, more: (at: number) => Partial<RequestRecord> = () => ({})): Promise<Store> {
  const store = createMemoryStore({ now: Date.now, limit: 1e9 });
  const now = Date.now();
  const hours = new Map<number, ReturnType<typeof createHourTotals>>();
  const records = Array.from({ length: count }, (_, at) => recordAt(now - at * 1000, more(at)));
  for (const record of records) {
    const hour = record.startedAt - record.startedAt % HOUR;
    const totals = hours.get(hour) ?? createHourTotals();
    hours.set(hour, totals);
    totals.add(record);
  }
  await keepRecords(store, records);
  for (const [hour, totals] of hours) await store.set(hourKey(hour, "one"), totals.cells());
  return store;
}

Deno.test("no admin route answers without the admin key, and none at all where there is no such key", async () => {
  for (const env of [{ ADMIN_KEY }, {}]) {
    await withGateway({ env: { ...env, USER_SET_KEY: "client-key-1" } }, async ({ url }) => {
      for (const route of ROUTES) {
        for (const authorization of ["", "Bearer client-key-1", "Bearer undefined"]) {
          for (const method of ["GET", "POST", "DELETE"]) {
            const response = await fetch(`${url}/admin/${route}`, { method, headers: { authorization } });
            const { error } = await response.json();
            // Guesses are slowed after a few.
            assert.ok(response.status === 401 || response.status === 429, `${method} ${route}: ${response.status}`);
            assert.match(error.message, /^Cannot (open the admin routes|check the admin key) as /);
          }
        }
      }
    });
  }
});

Deno.test("guessing the admin key is slowed, with the time to wait in the answer; clients are served all the same", async () => {
  await withGateway({}, async (gateway) => {
    const guess = () => fetch(`${gateway.url}/admin/requests`, { headers: { authorization: "Bearer guess" } });
    const statuses: number[] = [];
    for (let at = 0; at < 7; at++) {
      const response = await guess();
      statuses.push(response.status);
      await response.body?.cancel();
    }
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429]);
    const last = await guess();
    assert.equal(last.headers.get("retry-after"), "1");
    await last.body?.cancel();
    assert.equal((await gateway.chat({ model: "demo/echo" }).then((response) => response.text())).length > 0, true);
  });
});

Deno.test("of 10,000 records no page and no filter reads more than it must, however rare what it looks for", async () => {
  const rare = {
    end: "failed",
    status: 502,
    key: "alice",
    model: "rare",
    provider: "other",
    dialect: "ollama",
  } as const;
  const store = await storeWith(10_000, (at) => at === 9_000 ? rare : {});
  const counted = countReads(store);
  await withGateway({ store: counted.store }, async (gateway) => {
    const asked = async (path: string, most: number) => {
      counted.entries();
      const body = await adminJson(gateway, path);
      const read = counted.entries();
      assert.ok(read <= most, `${path} read ${read} entries`);
      return body;
    };
    const first = await asked("requests?limit=50", 50);
    assert.equal(first.requests.length, 50);
    const second = await asked(`requests?limit=50&before=${encodeURIComponent(first.next)}`, 50);
    assert.ok(second.requests[0].startedAt < first.requests[49].startedAt);
    for (
      const filter of [
        "status=502",
        "status=5",
        "end=failed",
        "key=alice",
        "model=rare",
        "provider=other",
        "dialect=ollama",
      ]
    ) {
      const { requests, next } = await asked(`requests?${filter}`, 600);
      assert.deepEqual([requests.map(({ key }: { key: string }) => key), next], [["alice"], null], filter);
    }
    assert.deepEqual((await asked("requests?model=nobodys", 100)).requests, []);
    const { total, groups } = await asked("overview?by=key", 10);
    assert.deepEqual([total.total.requests, total.total.errors], [10_000, 1]);
    assert.deepEqual(groups.map(({ name }: { name: string }) => name), [null, "alice"]);
  });
});

Deno.test("a page never reads a body", async () => {
  const store = await storeWith(20);
  const read: string[] = [];
  const nameOf = (key: Key) => key.slice(0, key[0] === "records" ? 2 : 1).join(" ");
  const spying: Store = {
    ...store,
    get: (key) => (read.push(nameOf(key)), store.get(key)),
    list: (prefix, options) => (read.push(nameOf(prefix)), store.list(prefix, options)),
  };
  await withGateway({ store: spying }, async (gateway) => {
    await adminJson(gateway, "requests?text=gpt");
    await adminJson(gateway, "overview");
    await (await fetch(`${gateway.url}/admin/export?format=csv`, { headers: ADMIN })).text();
  });
  const ofRecords = read.filter((name) => /^(records|hours|days)/.test(name));
  assert.deepEqual([...new Set(ofRecords)].sort(), ["hours", "records index", "records summaries"]);
});

Deno.test("the cost is that of today's prices; a request whose prices are not known has none, not 0", async () => {
  const store = await storeWith(1);
  const unpriced = recordAt(Date.now() - 5_000, { id: "req_u", upstreamModel: "nobody-knows" });
  await keepRecords(store, [unpriced]);
  await withGateway({ env: { ADMIN_KEY, OPENAI_API_KEY: "k1234" }, store }, async (gateway) => {
    const { requests: [first, second] } = await adminJson(gateway, "requests");
    // GPT-4o: 2.50 and 10 USD for a million.
    assert.deepEqual([first.cost.total, second.cost], [(1_000 * 2.5 + 100 * 10) / 1e6, null]);
    assert.equal((await adminJson(gateway, "requests/req_u")).cost, null);
    const { total, groups } = await adminJson(gateway, "overview?by=model");
    assert.equal(total.total.cost, 0.0035);
    assert.equal(groups[0].name, "openai/gpt-4o");
  });
});

withPair({ env: { ADMIN_KEY } }).test({
  name: "the overview counts each answer as it ends, by model, with its tokens and times",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) }, { kind: "json", status: 400, body: {} });
    await (await gateway.chat({ model: "up/up-model" })).text();
    await (await gateway.chat({ model: "up/up-model" })).text();
    await recorded(gateway, "end=failed");
    const overview = () => adminJson(gateway, "overview?by=model");
    await eventually(async () => (await overview()).total.total.requests === 2, "both are counted");
    const { total, groups: [group] } = await overview();
    assert.deepEqual([group.name, group.total.requests, group.total.errors], ["up/up-model", 2, 1]);
    assert.equal(group.total.input >= 7 && group.total.output >= 2, true);
    assert.equal(total.buckets.reduce((sum: number, { requests }: { requests: number }) => sum + requests, 0), 2);
    assert.ok(group.total.ttft.p50 > 0);
  },
});

Deno.test("what cannot be read in a query is told by its parameter", async () => {
  await withGateway({}, async ({ url }) => {
    const wrong = ["requests?limit=0", "requests?limit=501", "requests?from=yesterday", "requests?end=over"];
    for (const path of [...wrong, "requests?before=x", "requests?status=abc", "overview?by=day", "export?format=xml"]) {
      const response = await fetch(`${url}/admin/${path}`, { headers: ADMIN });
      const { error } = await response.json();
      assert.deepEqual([response.status, error.param], [400, path.match(/\?(\w+)=/)?.[1]], path);
    }
    const missing = await fetch(`${url}/admin/requests/req_none`, { headers: ADMIN });
    assert.equal(missing.status, 404);
    await missing.body?.cancel();
  });
});

Deno.test("an export holds every record: whole in NDJSON, as a table in CSV", async () => {
  const request = { text: '{"model":"openai/gpt-4o"}', bytes: 25 };
  const store = await storeWith(250, (at) => ({ request, ...(at === 0 && { key: 'a "b", c' }) }));
  await withGateway({ store }, async ({ url }) => {
    const get = async (path: string) => {
      const response = await fetch(`${url}/admin/export${path}`, { headers: ADMIN });
      assert.match(response.headers.get("content-disposition") ?? "", /^attachment; filename="requests\.\w+"$/);
      return { type: response.headers.get("content-type"), text: await response.text() };
    };
    const { type, text } = await get("");
    assert.equal(type, "application/x-ndjson");
    const records = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.equal(new Set(records.map(({ id }) => id)).size, 250);
    assert.deepEqual(records[7].request, { json: { model: "openai/gpt-4o" }, bytes: 25 });
    const csv = await get("?format=csv");
    assert.match(csv.type ?? "", /^text\/csv/);
    const lines = csv.text.split("\r\n");
    assert.equal(lines.length, 252, "a head, the records, and a last line end");
    assert.match(lines[0]!, /^id,started_at,dialect,key,model,/);
    assert.match(lines[1]!, /^req_\d+,\d{4}-[^,]+Z,openai_chat,"a ""b"", c",openai\/gpt-4o,/);
    const few = await get(`?format=csv&key=${encodeURIComponent('a "b", c')}`);
    assert.equal(few.text.split("\r\n").length, 3);
  });
});

Deno.test("an export reads on only as fast as its client, and stops where the client leaves", async () => {
  const text = JSON.stringify("x".repeat(50_000));
  const store = await storeWith(2_000, () => ({ request: { text, bytes: text.length } }));
  let reads = 0;
  const counting: Store = { ...store, list: (prefix, options) => (reads++, store.list(prefix, options)) };
  await withGateway({ store: counting }, async ({ url }) => {
    const response = await fetch(`${url}/admin/export`, { headers: ADMIN });
    const reader = response.body!.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(reads < 10, `${reads} of 21 pages are read ahead`);
    await reader.cancel();
    const before = reads;
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.ok(reads <= before + 1);
  });
});
