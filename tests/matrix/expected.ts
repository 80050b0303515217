/** What must come through a cell, given what each side can say: the known limits of the dialects, as tables. */

import type { Cell } from "./cell.ts";
import type { Asked, Finish, Seen, Usage } from "./scenario.ts";
import type { VendorDialect } from "./vendor.ts";

/** How an upstream of the dialect tells an end, as far as it can (DIALECTS.md §5). */
const FINISH_SAID = {
  openai_chat: { ...same(), "stop-sequence": "stop" },
  openai_responses: { ...same(), "stop-sequence": "stop" },
  anthropic: same(),
  gemini: { ...same(), "stop-sequence": "stop" },
  ollama: { ...same(), "stop-sequence": "stop", "refusal": "stop" },
} as const satisfies Record<VendorDialect, Record<Finish, Finish>>;

/** How a client of the dialect is told an end, as far as it can be. */
const FINISH_SEEN = {
  openai_chat: { ...same(), "stop-sequence": "stop" },
  openai_responses: { ...same(), "stop-sequence": "stop" },
  anthropic: same(),
  gemini: { ...same(), "stop-sequence": "stop" },
  ollama: { ...same(), "stop-sequence": "stop", "refusal": "stop" },
} as const satisfies Record<VendorDialect, Record<Finish, Finish>>;

function same(): { [Reason in Finish]: Reason } {
  return {
    "stop": "stop",
    "length": "length",
    "tool-calls": "tool-calls",
    "stop-sequence": "stop-sequence",
    "refusal": "refusal",
  };
}

/** Counts that a dialect has no member for. */
const UNCOUNTED: Readonly<Record<VendorDialect, readonly (keyof Usage)[]>> = {
  openai_chat: [],
  openai_responses: [],
  anthropic: [],
  gemini: [],
  ollama: ["cached", "reasoning"],
};

/** What the client must see. `seen` is consulted only for what a dialect leaves open. */
export function expectedSeen({ client, vendor, mode, scenario }: Cell, seen: Seen): Seen {
  const { fault } = scenario;
  if (fault?.type === "status") {
    const status = fault.status === 429 ? 429 : 502;
    return {
      text: "",
      reasoning: "",
      calls: [],
      finish: undefined,
      usage: undefined,
      error: committedError(status, seen),
    };
  }
  const joined = (type: "text" | "reasoning") =>
    scenario.says.map((said) => said.type === type ? said.text : "").join("");
  const calls = scenario.says.filter((said) => said.type === "call");
  const said = {
    text: joined("text"),
    reasoning: joined("reasoning"),
    calls: calls.map(({ id, name, arguments: args }) => ({ id, name, arguments: args })),
  };
  if (fault !== undefined && mode === "stream") return { ...said, finish: undefined, usage: seen.usage, error: true };
  return {
    ...said,
    finish: FINISH_SEEN[client.dialect][FINISH_SAID[vendor.dialect][scenario.finish]],
    usage: expectedUsage(scenario.usage, [...UNCOUNTED[vendor.dialect], ...UNCOUNTED[client.dialect]], seen),
    error: undefined,
  };
}

/** A refusal that came before anything was committed has its status; some SDKs do not tell it. */
function committedError(status: number, seen: Seen): number | true {
  return seen.error === true ? true : status;
}

function expectedUsage(usage: Usage, uncounted: readonly (keyof Usage)[], seen: Seen): Partial<Usage> {
  const known = Object.entries(usage).filter(([name]) => !uncounted.includes(name as keyof Usage));
  const open = uncounted.map((name) => [name, seen.usage?.[name]]);
  const expected = Object.fromEntries([...known, ...open]);
  return Object.fromEntries(
    Object.entries(expected).filter(([name]) => seen.usage !== undefined && name in seen.usage),
  );
}

/** What the upstream must be asked. `asked` is consulted only for what its dialect has no place for. */
export function expectedAsked(cell: Cell, asked: Asked): Asked {
  const { client, vendor, mode, scenario } = cell;
  const { ask } = scenario;
  const calls = ask.past?.calls ?? [];
  const known = <T>(value: T | undefined, wanted: T): T | undefined => value === undefined ? undefined : wanted;
  const hasStop = ask.stop !== undefined && client.dialect !== "openai_responses" &&
    vendor.dialect !== "openai_responses";
  return {
    model: scenario.name,
    stream: mode === "stream",
    system: ask.system,
    prompt: ask.prompt,
    tools: ask.tools?.map(({ name }) => name) ?? [],
    calls: calls.map(({ id, name, arguments: args }, at) => ({
      id: known(asked.calls[at]?.id, id),
      name,
      arguments: args,
    })),
    results: calls.map(({ id, name }, at) => ({
      id: known(asked.results[at]?.id, id),
      name: known(asked.results[at]?.name, name),
      text: ask.past?.results[id] ?? "",
    })),
    images: ask.image === undefined ? [] : [ask.image],
    schema: ask.schema && Object.keys(ask.schema.properties as object),
    maxTokens: expectedLimit(cell, asked),
    stop: hasStop && ask.stop !== undefined ? [ask.stop] : undefined,
    thinks: ask.effort === undefined ? asked.thinks : known(asked.thinks, true),
  };
}

function expectedLimit({ client, vendor, scenario: { ask } }: Cell, { maxTokens }: Asked): number | undefined {
  if (ask.maxTokens === undefined) {
    // Anthropic wants a limit always: the gateway gives one where the client did not.
    return vendor.dialect === "anthropic" || client.dialect === "anthropic" ? maxTokens : undefined;
  }
  const hasMore = client.addsBudget && ask.effort !== undefined && maxTokens !== undefined && maxTokens > ask.maxTokens;
  return hasMore ? maxTokens : ask.maxTokens;
}
