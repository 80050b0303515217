/** What a model was found to refuse: many vendors refuse what they do not know, and no list of ours knows them all. */

import type { Quirks } from "../../dialects/dialect.ts";
import type { Notes } from "../provider.ts";

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
  /** What another instance learned of a model of which nothing is known here, and is known from now on. */
  hear(model: string): Promise<Learned | undefined>;
  /** The model answered so, and would not otherwise. */
  learn(model: string, learned: Learned): void;
}

export interface RefusalsOptions {
  now: () => number;
  /** What the upstream is called among the instances. */
  upstream: string;
  notes?: Notes | undefined;
}

interface Lesson {
  learned: Learned;
  /** Milliseconds since the epoch. */
  until: number;
}

/** Of a model that took all that it was asked. */
export const NOTHING: Learned = { fields: [], quirks: {} };

/** What is learned is of models that have answered: there are as many as the upstream has. */
export function createRefusals({ now, upstream, notes }: RefusalsOptions): Refusals {
  const known = new Map<string, Lesson>();
  const isBelieved = (lesson: Lesson | undefined): lesson is Lesson => lesson !== undefined && lesson.until > now();

  function of(model: string): Learned {
    const found = known.get(model);
    return isBelieved(found) ? found.learned : NOTHING;
  }

  return {
    of,
    async hear(model) {
      if (isBelieved(known.get(model))) return undefined;
      const told = await notes?.read(upstream, model) as Lesson | undefined;
      if (!isBelieved(told)) return undefined;
      // Another request may have learned something in the meantime.
      const learned = joined(told.learned, of(model));
      known.set(model, { learned, until: told.until });
      return learned;
    },
    learn(model, learned) {
      const before = known.get(model);
      const until = isBelieved(before) ? before.until : now() + LASTING;
      const lesson: Lesson = { learned: joined(of(model), learned), until };
      known.set(model, lesson);
      const change = (before: unknown): Lesson => {
        const told = before as Lesson | undefined;
        if (!isBelieved(told)) return lesson;
        // None is believed for longer than from when it was found out.
        return { learned: joined(told.learned, lesson.learned), until: Math.min(told.until, lesson.until) };
      };
      notes?.leave(upstream, model, { change, expireIn: LASTING });
    },
  };
}

/** What requests at the same time found out, each by itself. */
function joined(one: Learned, other: Learned): Learned {
  const betas = [...new Set([...one.betas ?? [], ...other.betas ?? []])];
  return {
    ...one,
    ...other,
    fields: [...new Set([...one.fields, ...other.fields])],
    quirks: { ...one.quirks, ...other.quirks },
    ...(betas.length > 0 && { betas }),
  };
}
