/** How long an answer may be, as the refusal of a longer one says. */

export interface LimitTold {
  /** Tokens; `undefined` where it does not say, and the model's own limit has to do. */
  limit: number | undefined;
  /** It is the model's, and not what this request's prompt left of its window. */
  isLasting: boolean;
}

const ABOUT_LIMIT = /max_(?:completion_|output_|new_)?tokens|maxOutputTokens|output tokens|in the completion/i;

/** What a prompt leaves of a window: `[all, prompt]`. */
const LEFT = [
  // Anthropic: "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"
  { pattern: /(\d+) \+ \d+ > (\d+)/, prompt: 1, all: 2 },
  // OpenAI: "maximum context length is 128000 tokens. However, you requested … (118000 in the messages, 32000 in the completion)"
  { pattern: /context length is (\d+) tokens.*?\((\d+) in the messages/s, prompt: 2, all: 1 },
  // vLLM: "maximum context length is 16384 tokens and your request has 5000 input tokens"
  { pattern: /context length is (\d+) tokens and your request has (\d+) input tokens/, prompt: 2, all: 1 },
] as const;

/**
 * The most that a model gives. Anthropic: "128001 > 64000, which is the maximum"
 * (https://github.com/anthropics/claude-code/issues/24451, 2026-02-09); Volcengine: "expected a value <= 32768"
 * (https://github.com/yiliqi78/TOKENICODE/issues/3, 2026-03-02); OpenAI: "supports at most 16384 completion tokens";
 * DashScope: "Range of max_tokens should be [1, 8192]"; Groq: "less than or equal to `8192`".
 */
const MOST =
  /> (\d+), which is the maximum|(?:at most|<=?|\[1, ?|between [01] and|less than or equal to|up to|model limit of) ?[`'"]?(\d+)/i;
/** Gemini: "from 1 (inclusive) to 8193 (exclusive)" (https://github.com/stackblitz-labs/bolt.diy/issues/955, 2024-12-31). */
const BELOW = /to (\d+) \(exclusive\)/i;
/** DeepSeek: "Invalid max_tokens param" (https://github.com/router-for-me/CLIProxyAPI/issues/2758, 2026-04-13). */
const TOO_MUCH = /invalid max_tokens|max_(?:completion_|output_|new_)?tokens.{0,40}(?:too large|too big|exceeds?)/i;

/** What to ask for in place of `asked` tokens; `undefined` where the refusal is not about them. */
export function limitIn(told: string, asked: number): LimitTold | undefined {
  if (!ABOUT_LIMIT.test(told)) return undefined;
  const text = told.replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, "");
  for (const { pattern, all, prompt } of LEFT) {
    const found = pattern.exec(text);
    if (found !== null) return lower(Number(found[all]) - Number(found[prompt]), asked, { isLasting: false });
  }
  const [, bound] = BELOW.exec(text) ?? [];
  if (bound !== undefined) return lower(Number(bound) - 1, asked, { isLasting: true });
  const numbers = MOST.exec(text)?.slice(1) ?? [];
  const most = numbers.find((number) => number !== undefined);
  if (most !== undefined) return lower(Number(most), asked, { isLasting: true });
  return TOO_MUCH.test(told) ? { limit: undefined, isLasting: false } : undefined;
}

function lower(limit: number, asked: number, { isLasting }: { isLasting: boolean }): LimitTold | undefined {
  return limit > 0 && limit < asked ? { limit, isLasting } : undefined;
}
