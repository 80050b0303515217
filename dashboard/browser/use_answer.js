/** One answer as it comes: its text, its frames, how it ended; and a way to stop it. */
/// <reference lib="dom" />

import { useEffect, useRef, useState } from "preact/hooks";
import { ask, problemOf } from "./ask.js";
import { textOf } from "./dialects.js";

/** Frames that are kept to be shown: the newest of a long answer. */
const MOST_FRAMES = 400;

/**
 * @typedef {object} Answer
 * @property {string} text
 * @property {{ at: number, raw: string }[]} frames with milliseconds since the question
 * @property {number} count of all frames
 * @property {"idle" | "running" | "done" | "failed" | "stopped"} state
 * @property {string} [problem]
 * @property {number} [firstAt] when the first text came
 * @property {number} [endedAt]
 */

/** @type {Answer} */
const NOTHING = { text: "", frames: [], count: 0, state: "idle" };

export function useAnswer() {
  const [answer, setAnswer] = useState(NOTHING);
  const asking = useRef(/** @type {AbortController | undefined} */ (undefined));
  useEffect(() => () => asking.current?.abort(), []);

  /**
   * Resolves to the whole answer, however it ended.
   *
   * @param {{ dialect: string, path: string, body: unknown, headers?: Record<string, string> }} question
   * @returns {Promise<Answer>}
   */
  async function start({ dialect, path, body, headers = {} }) {
    asking.current?.abort();
    const controller = new AbortController();
    asking.current = controller;
    const begin = performance.now();
    const since = () => Math.round(performance.now() - begin);
    /** @type {Answer} */
    let now = { ...NOTHING, state: "running" };
    /** @param {Partial<Answer>} changes */
    const tell = (changes) => {
      now = { ...now, ...changes };
      if (asking.current === controller) setAnswer(now);
    };
    tell({});
    try {
      for await (const { raw, json } of ask(path, { body, headers, signal: controller.signal })) {
        const added = textOf(dialect, json);
        const problem = problemOf(json);
        tell({
          text: now.text + added,
          frames: [...now.frames, { at: since(), raw }].slice(-MOST_FRAMES),
          count: now.count + 1,
          ...(added !== "" && now.firstAt === undefined && { firstAt: since() }),
          ...(problem !== undefined && { problem }),
        });
      }
      tell({ state: now.problem === undefined ? "done" : "failed", endedAt: since() });
    } catch (error) {
      const isStopped = controller.signal.aborted;
      tell({
        state: isStopped ? "stopped" : "failed",
        endedAt: since(),
        ...(!isStopped && { problem: /** @type {Error} */ (error).message }),
      });
    }
    return now;
  }

  return { answer, start, stop: () => asking.current?.abort(), clear: () => setAnswer(NOTHING) };
}
