import assert from "node:assert/strict";
import type { Observation } from "../../gateway/observation.ts";
import { type GatewayObserver, observeAll } from "../../gateway/observer.ts";

const observation: Observation = {
  id: "r",
  startedAt: 0,
  dialect: "openai_chat",
  stream: true,
  attempts: [],
  lost: [],
  owner: "",
  chunks: 0,
};

Deno.test("an observer that throws harms neither the caller nor the other observers, and is told of in the log", () => {
  const seen: string[] = [];
  const logged: string[] = [];
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: (message: string) => void logged.push(message) };
  const broken: GatewayObserver = {
    started() {
      throw new Error("broken");
    },
    chunk() {
      throw new Error("broken");
    },
    finished() {
      throw new Error("broken");
    },
  };
  const sound: GatewayObserver = {
    started: ({ id }) => void seen.push(`started ${id}`),
    chunk: (_, gap) => void seen.push(`chunk ${gap}`),
    finished: (_, now) => void seen.push(`finished ${now}`),
  };
  const all = observeAll([broken, sound], log);
  all.started(observation);
  all.chunk(observation, 5);
  all.finished(observation, 9);
  assert.deepEqual(seen, ["started r", "chunk 5", "finished 9"]);
  assert.equal(logged.length, 3);
});
