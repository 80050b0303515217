import assert from "node:assert/strict";
import { createTaskApi, type TaskCall } from "../../../providers/polling/task_api.ts";
import { portsWith } from "./support.ts";

const OPTIONS = { endpoint: "http://host/api", query: {}, publicOnly: false };
const TIMEOUTS = { connect: 1000, headers: 1000 };

function callOf(changes: Partial<TaskCall> = {}): TaskCall {
  const { signal } = new AbortController();
  return { method: "get", path: "/tasks/1", headers: {}, signal, timeouts: TIMEOUTS, ...changes };
}

Deno.test("an answer of any status is told with its text and its Retry-After", async () => {
  const fetch = () => Promise.resolve(new Response("busy", { status: 503, headers: { "retry-after": "2" } }));
  const api = createTaskApi(OPTIONS, portsWith({ fetch }));
  assert.deepEqual(await api(callOf()), { status: 503, text: "busy", retryAfter: 2000 });
});

Deno.test("an answer that is larger than any text is malformed, not the client's fault", async () => {
  const fetch = () => Promise.resolve(new Response(new Uint8Array(16 * 1024 * 1024 + 1)));
  await assert.rejects(createTaskApi(OPTIONS, portsWith({ fetch }))(callOf()), { kind: "upstream-malformed" });
});

Deno.test("E13 a host that answered is not asked again whether it is there", async () => {
  let connected = 0;
  const connect = () => {
    connected++;
    return Promise.resolve();
  };
  const api = createTaskApi(OPTIONS, portsWith({ connect, fetch: () => Promise.resolve(new Response("{}")) }));
  await api(callOf());
  await api(callOf());
  assert.equal(connected, 1);
});

Deno.test("V16 calls leave no listener on their signal, as a task may be asked for a thousand times", async () => {
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  signal.addEventListener = (_: string, listener: unknown) => void listeners.add(listener);
  signal.removeEventListener = (_: string, listener: unknown) => void listeners.delete(listener);
  let during = 0;
  const fetch = () => {
    during = listeners.size;
    return Promise.resolve(new Response("{}"));
  };
  await createTaskApi(OPTIONS, portsWith({ fetch }))(callOf({ signal }));
  assert.deepEqual([during, listeners.size], [1, 0]);
});

Deno.test("V15 a call whose signal is aborted already is not made", async () => {
  const gone = new Error("The client left");
  let asked = false;
  const fetch = () => {
    asked = true;
    return Promise.resolve(new Response("{}"));
  };
  const api = createTaskApi(OPTIONS, portsWith({ fetch }));
  await assert.rejects(api(callOf({ signal: AbortSignal.abort(gone) })), gone);
  assert.equal(asked, false);
});
