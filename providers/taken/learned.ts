/** What a model was found to refuse: many vendors refuse what they do not know, and no list of ours knows them all. */

import type { Quirks } from "../../dialects/dialect.ts";

/** Milliseconds for which it is believed: models change. */
const LASTING = 3_600_000;

export interface Learned {
  /** Fields that it does not take. */
  fields: readonly string[];
  /** Values of `anthropic-beta` that it does not know. */
  betas?: readonly string[];
  quirks: Pick<Quirks, "maxTokensField" | "noSystemTurns" | "replayReasoning">;
  /** The most tokens that it gives. */
  maxOutput?: number;
  /** It refuses a history with turns that were not thought about. */
  wantsThoughts?: boolean;
  /** The ends of signatures that it refused, as what stood before their thoughts was altered: it will be so from then on. */
  stale?: readonly string[];
  /** It refuses a history with calls that nobody signed. */
  wantsSignatures?: boolean;
  /** The form of an answer has to be told in words, and can be asked for as JSON at most, or not at all. */
  output?: "json" | "text";
  /** The most tools that it takes. */
  maxTools?: number;
  /** The most characters of a tool's description. */
  maxDescription?: number;
  /** It takes texts as one, not in parts. */
  takesOneText?: boolean;
  /** It knows no results that refer to tools. */
  noReferences?: boolean;
  /** Which of its tools' schemas it is told in few words: those that say more, or all as those few are not few enough. */
  plainSchemas?: "rich" | "all";
  /** Its template wants user and assistant in turn, behind one instruction or none. */
  turns?: "one-instruction" | "no-instruction";
  /** When it cannot be made to call a tool. */
  choosesFreely?: "thinking" | "always";
  /** It answers in streams alone. */
  mustStream?: boolean;
  /** It takes no pictures. */
  isBlind?: boolean;
}

export interface Refusals {
  of(model: string): Learned;
  /** The model answered so, and would not otherwise. */
  learn(model: string, learned: Learned): void;
}

/** Of a model that took all that it was asked. */
export const NOTHING: Learned = { fields: [], quirks: {} };

/** What is learned is of models that have answered: there are as many as the upstream has. */
export function createRefusals(now: () => number): Refusals {
  const known = new Map<string, { learned: Learned; until: number }>();
  return {
    of(model) {
      const found = known.get(model);
      return found !== undefined && found.until > now() ? found.learned : NOTHING;
    },
    learn: (model, learned) => void known.set(model, { learned, until: now() + LASTING }),
  };
}
