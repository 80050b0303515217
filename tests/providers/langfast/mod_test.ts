import assert from "node:assert/strict";
import type { ErrorKind } from "../../../chat/error.ts";
import type { ChatEvent } from "../../../chat/event.ts";
import { createLangfast } from "../../../providers/langfast/mod.ts";
import { drain } from "../../../streaming/pull.ts";
import { callOf, eventsOf, impatient, onScene, textIn, trackedPorts, until, userRequest } from "./support.ts";

Deno.test("W1 snapshots of the whole text reach the reader as deltas, no character cut", () =>
  onScene({}, async ({ ask }) => {
    const events = await eventsOf(await ask("Grüße 🙂🙂🙂 an alle"));
    assert.equal(textIn(events), "You said: Grüße 🙂🙂🙂 an alle");
    const texts = events.flatMap((event) => event.type === "text" ? [event.text] : []);
    assert.ok(texts.length > 3);
    assert.ok(texts.every((text) => text.isWellFormed()));
  }));

Deno.test("W1 a rewritten snapshot brings the new text from where the two part, a shorter one nothing", () =>
  onScene({}, async ({ ask }) => {
    const events = await eventsOf(await ask("fault:rewrite"));
    assert.equal(textIn(events), "Hello wrold" + "orld" + ", again");
  }));

Deno.test("W2 an answer that outlives the server's patience is whole, as pings are answered", () =>
  onScene({ pingInterval: 10, pingTimeout: 80, pace: 2 }, async ({ ask }) => {
    const before = performance.now();
    const events = await eventsOf(await ask("fault:slow, long enough for some"));
    assert.equal(textIn(events), "You said: fault:slow, long enough for some");
    assert.ok(performance.now() - before > 10 + 80 + 50);
  }));

Deno.test("W2 W5 binary frames, unknown events and another run's text and end are passed over", () =>
  onScene({}, async ({ ask }) => {
    assert.equal(textIn(await eventsOf(await ask("fault:noise"))), "You said: fault:noise");
  }));

Deno.test("W3 a refusal of the socket is the error that open() throws", async () => {
  const refusals: [string, ErrorKind][] = [
    ["Invalid token", "upstream-auth"],
    ["jwt expired", "upstream-auth"],
    ["Unauthorized", "upstream-auth"],
    ["Too many connections", "upstream-failure"],
  ];
  for (const [refuseSockets, kind] of refusals) {
    await onScene({ refuseSockets }, async ({ ask, sim }) => {
      await assert.rejects(ask("Hi"), { name: "GatewayError", kind });
      assert.equal(sim.state.runs, 0);
    });
  }
});

Deno.test("W3 a socket lost before the run is known is the error that open() throws", () =>
  onScene({}, async ({ ask }) => {
    await assert.rejects(ask("fault:dropped"), { kind: "upstream-cut" });
  }));

Deno.test("W3 a socket lost in mid-text fails the beats, after all that came before", async () => {
  for (const prompt of ["fault:cut", "fault:no-completion"]) {
    await onScene({}, async ({ ask }) => {
      const { beats } = await ask(prompt);
      const events: ChatEvent[] = [];
      const read = async () => {
        for (let batch = await beats.next(); batch !== undefined; batch = await beats.next()) {
          events.push(...batch.flatMap((beat) => beat.events));
        }
      };
      await assert.rejects(read(), { kind: "upstream-cut" }, prompt);
      assert.equal(textIn(events), "Hel", prompt);
      assert.ok(events.every((event) => event.type !== "finish"), prompt);
    });
  }
});

Deno.test("W4 the token is accepted before the run is started", () =>
  onScene({}, async ({ sim, ports }) => {
    const socketsAtCall: [string, number][] = [];
    const fetchAndNote: typeof fetch = (input, init) => {
      socketsAtCall.push([new URL(String(input)).pathname, sim.state.socketsOpen]);
      return fetch(input, init);
    };
    const provider = createLangfast(
      { name: "langfast", supabaseUrl: `${sim.url}/`, anonKey: "anon-key-of-the-stand-in", socketUrl: sim.url },
      { ...ports, fetch: fetchAndNote },
    );
    await eventsOf(await provider.open(userRequest("Hi"), callOf()));
    assert.deepEqual(socketsAtCall.at(-1), ["/functions/v1/initiate-prompt-run", 1]);
  }));

Deno.test("W5 runs of one guest at the same time never swap text", () =>
  onScene({}, async ({ ask, sim }) => {
    const prompts = ["first of three", "the second one", "and a third"];
    const answers = await Promise.all(prompts.map(async (prompt) => textIn(await eventsOf(await ask(prompt)))));
    assert.deepEqual(answers, prompts.map((prompt) => `You said: ${prompt}`));
    assert.deepEqual([sim.state.signUps, sim.state.socketsOpened], [1, 3]);
  }));

Deno.test("W5 an end that names no run cuts no other run of the guest short", () =>
  onScene({}, async ({ ask }) => {
    assert.equal(textIn(await eventsOf(await ask("fault:unnamed-end"))), "Hello");
    const slow = ask("fault:slow");
    const unnamed = await ask("fault:unnamed-end");
    assert.equal(textIn(await eventsOf(await slow)), "You said: fault:slow");
    unnamed.beats.cancel(new Error("It never learns of its end"));
  }));

Deno.test("W5 text that comes before the run's job is known is not lost", () =>
  onScene({}, async ({ ask }) => {
    assert.equal(textIn(await eventsOf(await ask("fault:early"))), "You said: fault:early");
  }));

Deno.test("W6 an abort closes the socket within 100 ms, whatever is going on", async () => {
  for (const prompt of ["fault:stall", "fault:silent", "fault:hang"]) {
    await onScene({}, async ({ ask, sim }) => {
      const abort = new AbortController();
      const gone = new Error("The client left");
      const answer = ask(prompt, { signal: abort.signal }).then(({ beats }) => drain(beats));
      const outcome = assert.rejects(answer, gone, prompt);
      await until(() => sim.state.runs > 0);
      const before = performance.now();
      abort.abort(gone);
      await outcome;
      await until(() => sim.state.socketsOpen === 0);
      assert.ok(performance.now() - before < 100, prompt);
    });
  }
});

Deno.test("W6 an abort releases an answer that nobody reads", () =>
  onScene({}, async ({ ask, sim }) => {
    const abort = new AbortController();
    const { beats } = await ask("fault:stall", { signal: abort.signal });
    const gone = new Error("The client left");
    abort.abort(gone);
    await assert.rejects(beats.next(), gone);
    await until(() => sim.state.socketsOpen === 0);
  }));

Deno.test("W6 a reader who leaves closes the socket", () =>
  onScene({}, async ({ ask, sim }) => {
    const { beats } = await ask("fault:stall");
    const pending = beats.next().then(() => beats.next());
    beats.cancel();
    assert.equal(await pending, undefined);
    await until(() => sim.state.socketsOpen === 0);
  }));

Deno.test("W6 an abort before anything began, or while the socket opens, leaves nothing behind", async () => {
  const gone = new Error("The client left");
  await onScene({}, async ({ ask, sim }) => {
    await assert.rejects(ask("Hi", { signal: AbortSignal.abort(gone) }), gone);
    assert.equal(sim.state.signUps, 0);
  });
  await onDeafServer(async (socketUrl) => {
    await onScene({ options: { socketUrl } }, async ({ ask, sim }) => {
      const abort = new AbortController();
      const outcome = assert.rejects(ask("Hi", { signal: abort.signal }), gone);
      await until(() => sim.state.prompts > 0);
      abort.abort(gone);
      await outcome;
    });
  });
});

Deno.test("W8 W9 every good answer is one legal stream: start, content, finish, and no invented usage", async () => {
  const finishes = {
    "Hi": { reason: "stop", raw: "stop" },
    "fault:string-payload": { reason: "stop", raw: "stop" },
    "fault:finished-only": { reason: "stop" },
    "fault:empty": { reason: "stop", raw: "stop" },
    "fault:length": { reason: "length", raw: "length" },
    "fault:odd-finish": { reason: "other", raw: "tired" },
  };
  await onScene({}, async ({ ask }) => {
    for (const [prompt, finish] of Object.entries(finishes)) {
      const upstream = await ask(prompt);
      const beats = (await drain(upstream.beats)).flat();
      const events = beats.flatMap((beat) => beat.events);
      const [start, ...rest] = events;
      assert.ok(start?.type === "start" && start.id !== "" && start.model === "gpt-4.1", prompt);
      assert.ok(Math.abs((start.created ?? 0) - Date.now() / 1000) < 5, prompt);
      assert.deepEqual(rest.pop(), { type: "finish", ...finish }, prompt);
      assert.ok(rest.every((event) => event.type === "text" && event.text !== ""), prompt);
      assert.deepEqual(beats.map((beat) => beat.last ?? false).indexOf(true), beats.length - 1, prompt);
      assert.deepEqual([upstream.form, upstream.dialect, upstream.lost], ["stream", undefined, []]);
    }
  });
});

Deno.test("E13 each of the four clocks has its own error", async () => {
  await onScene({}, async ({ ask, sim }) => {
    const phase = (code: string) => ({ kind: "upstream-timeout", code });
    await assert.rejects(ask("fault:hang", impatient({ headers: 30 })), phase("headers_timeout"));
    const listen = async (prompt: string, timeouts: ReturnType<typeof impatient>) =>
      await eventsOf(await ask(prompt, timeouts));
    const silent = impatient({ firstContent: 20, idle: 5 });
    await assert.rejects(listen("fault:silent", silent), phase("first_content_timeout"));
    await assert.rejects(listen("fault:stall", impatient({ idle: 20 })), phase("idle_timeout"));
    await until(() => sim.state.socketsOpen === 0);
  });
  await onDeafServer((socketUrl) =>
    onScene({ options: { socketUrl } }, async ({ ask }) => {
      await assert.rejects(ask("Hi", impatient({ connect: 20 })), {
        kind: "upstream-timeout",
        code: "connect_timeout",
      });
    })
  );
});

Deno.test("what goes wrong at the calls is a typed error of open(), and no socket stays", () =>
  onScene({}, async ({ ask, sim }) => {
    const kinds: [string, ErrorKind][] = [
      ["fault:http-500", "upstream-failure"],
      ["fault:limited", "rate-limit"],
      ["fault:html", "upstream-malformed"],
      ["fault:no-job", "upstream-malformed"],
    ];
    for (const [prompt, kind] of kinds) await assert.rejects(ask(prompt), { kind }, prompt);
    await assert.rejects(ask("fault:limited"), { retryAfter: 7000 });
    await until(() => sim.state.socketsOpen === 0);
  }));

Deno.test("what the service reports in the stream fails the beats, its words in the detail only", () =>
  onScene({}, async ({ ask }) => {
    const details = { "fault:error": /boom/, "fault:failed": /boom/, "fault:bare-error": /out of order/ };
    for (const [prompt, detail] of Object.entries(details)) {
      const message = "Cannot answer as the provider had a server error";
      await assert.rejects(eventsOf(await ask(prompt)), { kind: "upstream-failure", message, detail }, prompt);
    }
  }));

Deno.test("one guest serves all requests, until the service refuses its token", () =>
  onScene({}, async ({ ask, sim }) => {
    await Promise.all([ask("one").then(eventsOf), ask("two").then(eventsOf)]);
    await eventsOf(await ask("three"));
    assert.equal(sim.state.signUps, 1);
    sim.revoke();
    assert.equal(textIn(await eventsOf(await ask("four"))), "You said: four");
    assert.deepEqual([sim.state.signUps, sim.state.runs], [2, 4]);
  }));

Deno.test("what a session may not do is refused for good: no new guest is signed up for it", () =>
  onScene({}, async ({ ask, provider, sim }) => {
    await assert.rejects(ask("fault:forbidden"), { kind: "upstream-auth" });
    await assert.rejects(provider.open(userRequest("Hi", { model: "" }), callOf()), { kind: "invalid-request" });
    assert.equal(sim.state.signUps, 1);
  }));

Deno.test("a service that refuses every token is asked twice, not for ever", () =>
  onScene({ refuseSockets: "Invalid token" }, async ({ ask, sim }) => {
    await assert.rejects(ask("Hi"), { kind: "upstream-auth", status: 502 });
    assert.equal(sim.state.signUps, 2);
  }));

Deno.test("a host that is not there is unreachable, by HTTP and by socket", async () => {
  const nowhere = "http://127.0.0.1:1";
  await onScene({ options: { supabaseUrl: nowhere } }, async ({ ask }) => {
    await assert.rejects(ask("Hi"), { kind: "upstream-unreachable" });
  });
  await onScene({ options: { socketUrl: nowhere } }, async ({ ask }) => {
    await assert.rejects(ask("Hi"), { kind: "upstream-unreachable" });
  });
});

Deno.test("sampling parameters go with the run", () =>
  onScene({}, async ({ provider, sim }) => {
    const request = userRequest("Hi", {
      maxTokens: 9,
      temperature: 0,
      topP: 0.5,
      frequencyPenalty: 1,
      presencePenalty: -1,
    });
    const upstream = await provider.open(request, callOf());
    await eventsOf(upstream);
    assert.deepEqual(sim.state.lastMeta, {
      model: "gpt-4.1",
      messages: [{ role: "user", content: "Hi" }],
      stream: true,
      response_format: "text",
      max_completion_tokens: 9,
      temperature: 0,
      top_p: 0.5,
      frequency_penalty: 1,
      presence_penalty: -1,
    });
  }));

Deno.test("it can only stream, and lists the models it is told of", async () => {
  const options = { name: "lf", supabaseUrl: "http://host", anonKey: "anon", socketUrl: "https://host" };
  const { ports } = trackedPorts();
  const provider = createLangfast(options, ports);
  assert.deepEqual([provider.name, provider.dialectFor(userRequest("Hi"))], ["lf", undefined]);
  assert.deepEqual(await provider.listModels(new AbortController().signal), []);
  const listing = createLangfast({ ...options, defaultModels: ["gpt-5"] }, ports);
  assert.deepEqual(await listing.listModels(new AbortController().signal), [{ id: "gpt-5" }]);
});

Deno.test("a socket URL is taken with any of the four schemes, bare or whole, and refused otherwise", async () => {
  const whole = "?EIO=4&transport=websocket";
  const urls = {
    "https://host": `wss://host/socket.io/${whole}`,
    "http://host:81/": `ws://host:81/socket.io/${whole}`,
    "wss://host/behind": `wss://host/behind/socket.io/${whole}`,
    "ws://host/socket.io/?EIO=3#x": `ws://host/socket.io/${whole}`,
  };
  const opened: string[] = [];
  class NoSocket {
    constructor(url: URL) {
      opened.push(url.href);
      throw new Error("no sockets here");
    }
  }
  const { ports } = trackedPorts();
  const session = { access_token: "a.b.c", user: { id: "u" } };
  const fakePorts = {
    ...ports,
    fetch: () => Promise.resolve(Response.json(session)),
    WebSocket: NoSocket as unknown as typeof WebSocket,
  };
  for (const socketUrl of Object.keys(urls)) {
    const provider = createLangfast({ name: "lf", supabaseUrl: "http://host", anonKey: "a", socketUrl }, fakePorts);
    await assert.rejects(provider.open(userRequest("Hi"), callOf()));
  }
  assert.deepEqual(opened, Object.values(urls));
  for (const socketUrl of ["host", "ftp://host", ""]) {
    const options = { name: "lf", supabaseUrl: "http://host", anonKey: "a", socketUrl };
    assert.throws(() => createLangfast(options, fakePorts), { kind: "configuration" });
  }
});

/** A server that takes connections and never says a word. */
async function onDeafServer<T>(test: (url: string) => Promise<T>): Promise<T> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const taken: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) taken.push(connection);
  })();
  try {
    return await test(`http://127.0.0.1:${listener.addr.port}`);
  } finally {
    listener.close();
    await accepting;
    taken.forEach((connection) => connection.close());
  }
}
