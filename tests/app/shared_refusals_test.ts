/** Tests of what instances of the gateway tell each other of a model that refuses: none has to find out again. */

import assert from "node:assert/strict";
import { createMemoryStore } from "../../records/memory_store.ts";
import type { Key, Store } from "../../records/store.ts";
import { startGateway, type TestGatewayOptions } from "../support/gateway.ts";
import { type MockUpstream, startMockUpstream } from "../support/mock_upstream.ts";
import { CHAT_ANSWER, refused } from "../support/refused.ts";

const HOUR = 3_600_000;
const ASKED = { model: "up/up-model", temperature: 0, top_p: 0.5, seed: 1 };
const REFUSALS = ["temperature", "top_p", "seed"].map((param) =>
  refused(`Unsupported parameter: '${param}' is not supported with this model.`, { param })
);

const shared = () => createMemoryStore({ now: Date.now, limit: 1e6 });

async function withUpstream(run: (upstream: MockUpstream) => Promise<void>): Promise<void> {
  const upstream = startMockUpstream();
  try {
    await run(upstream);
  } finally {
    await upstream.close();
  }
}

/** What a new instance asks the upstream for, which refuses so often before it answers. */
async function askedBy(
  options: TestGatewayOptions & { upstream: MockUpstream },
  { refusals }: { refusals: number },
): Promise<string[]> {
  const { upstream } = options;
  const gateway = startGateway({ ...options, env: { MAX_RETRIES: "1", ...options.env } });
  upstream.reset();
  upstream.push(...REFUSALS.slice(0, refusals), CHAT_ANSWER);
  try {
    const response = await gateway.chat(ASKED);
    assert.equal(response.status, 200, await response.text());
    return upstream.requests.map(({ json }) => Object.keys(json).filter((name) => name in ASKED).join(" "));
  } finally {
    await gateway.close();
  }
}

const ALL = "model temperature top_p seed";
const LEARNED = [ALL, "model top_p seed", "model seed", "model"];

Deno.test("an instance whose model refuses for the first time knows at once all that another one found out", async () => {
  await withUpstream(async (upstream) => {
    const store = shared();
    assert.deepEqual(await askedBy({ upstream, store }, { refusals: 3 }), LEARNED);
    assert.deepEqual(await askedBy({ upstream, store }, { refusals: 1 }), [ALL, "model"]);
  });
});

Deno.test("what another instance did not meet is found out beside what it did, and told in turn", async () => {
  await withUpstream(async (upstream) => {
    const store = shared();
    await askedBy({ upstream, store }, { refusals: 1 });
    assert.deepEqual(await askedBy({ upstream, store }, { refusals: 3 }), [
      ALL,
      "model top_p seed",
      "model seed",
      "model",
    ]);
    assert.deepEqual(await askedBy({ upstream, store }, { refusals: 1 }), [ALL, "model"]);
  });
});

Deno.test("it is believed for an hour since it was found out, whoever heard of it meanwhile", async () => {
  await withUpstream(async (upstream) => {
    const startedAt = Date.now();
    const at = (milliseconds: number) => ({ upstream, store, now: () => startedAt + milliseconds });
    const store = shared();
    await askedBy(at(0), { refusals: 3 });
    assert.deepEqual(await askedBy(at(HOUR / 2), { refusals: 1 }), [ALL, "model"]);
    assert.deepEqual(await askedBy(at(HOUR), { refusals: 3 }), LEARNED);
  });
});

Deno.test("another endpoint under the same name may refuse other things", async () => {
  const store = shared();
  for (let at = 0; at < 2; at++) {
    await withUpstream(async (upstream) => {
      assert.deepEqual(await askedBy({ upstream, store }, { refusals: 3 }), LEARNED);
    });
  }
});

/** The storage, but for what instances tell each other. */
function withoutNotes(store: Store, failing: <T>() => Promise<T>): Store {
  const isNote = ([first]: Key) => first === "notes";
  return {
    ...store,
    get: (key) => isNote(key) ? failing() : store.get(key),
    set: (key, ...rest) => isNote(key) ? failing() : store.set(key, ...rest),
  };
}

for (
  const [how, failing] of [
    ["fails", <T>() => Promise.reject<T>(new Error("away"))],
    ["hangs", <T>() => new Promise<T>(() => {})],
  ] as const
) {
  Deno.test(`a storage that ${how} keeps no request from its answer`, async () => {
    await withUpstream(async (upstream) => {
      const store = withoutNotes(shared(), failing);
      assert.deepEqual(await askedBy({ upstream, store }, { refusals: 3 }), LEARNED);
    });
  });
}

Deno.test("nothing is looked up for a model that takes what it is asked, nor for what nothing helps against", async () => {
  await withUpstream(async (upstream) => {
    const looked: string[] = [];
    const store = shared();
    const watched: Store = {
      ...store,
      get(key) {
        looked.push(key.join("/"));
        return store.get(key);
      },
    };
    const notes = () => looked.filter((key) => key.startsWith("notes/"));
    await askedBy({ upstream, store: watched }, { refusals: 0 });
    const gateway = startGateway({ upstream, store: watched, env: { MAX_RETRIES: "1" } });
    upstream.reset();
    upstream.push(refused("Your request is bad."));
    const response = await gateway.chat(ASKED);
    assert.equal(response.status, 400, await response.text());
    await gateway.close();
    assert.deepEqual(notes(), []);
    await askedBy({ upstream, store: watched }, { refusals: 3 });
    assert.equal(notes().length, 2, "once, not for each refusal, and once to add to what is there");
  });
});
