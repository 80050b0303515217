/** A request of the Responses API with all that it refers to put in front, and what keeps its answer. */

import { GatewayError } from "../../chat/error.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { isObject } from "../../dialects/json.ts";
import { INCLUDE_SIGNATURES } from "../../dialects/openai_responses/parse_request.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";
import { patchJson } from "../../dialects/patch_json.ts";
import type { AnswerKeeper } from "../answer_keeper.ts";
import type { Gateway } from "../gateway.ts";
import type { Incoming, Read } from "../serve_chat.ts";
import { respondInBackground } from "./background.ts";
import { withItemIds, withoutItemIds } from "./item_ids.ts";
import { saidIn } from "./kept_responses.ts";
import { responseKeeper } from "./response_keeper.ts";
import { hasState, readStateWish, type StateWish, WITHOUT_STATE, withoutState } from "./state_wish.ts";

interface Past {
  items: JsonObject[];
  before: string[];
}

const NOTHING: Past = { items: [], before: [] };

export async function recall(gateway: Gateway, incoming: Incoming): Promise<Read> {
  const { body, text, owner } = incoming;
  if (!isObject(body)) return { request: openaiResponses.parseRequest(body, { text }) };
  const wish = readStateWish(body);
  const past = await pastOf(gateway, { owner, wish });
  const input = await resolved(gateway, { owner, past, input: body.input });
  const kept = isKept(gateway, wish, text);
  const signed = kept ? signaturesFor(body) : {};
  const own = { ...withoutState(body), ...signed, ...(input !== undefined && { input }) };
  const request = requestOf({ body, own, text, past, signed });
  if (!kept) return { request };

  const id = gateway.ports.randomId();
  const keeper = keeperOf(gateway, { owner, wish, past, input: itemsOf(own.input), stream: id });
  return {
    request: wish.background ? { ...request, stream: true } : request,
    echo: echoOf(wish),
    keeper,
    ...(wish.background && {
      background: {
        stream: id,
        respond: (found) => respondInBackground(gateway, found, { isFollowed: request.stream }),
      },
    }),
  };
}

/** The same for what only wants the conversation made shorter: nothing is kept, nor streamed. */
export function recallCompaction(gateway: Gateway, incoming: Incoming): Promise<Read> {
  const { body } = incoming;
  if (!isObject(body)) return recall(gateway, incoming);
  const input = [...itemsOf(body.input), { type: "compaction_trigger" }];
  const asked = { ...body, input, stream: false, store: false };
  return recall(gateway, { ...incoming, body: asked, text: JSON.stringify(asked) });
}

/** The same for what only wants to know how long it is. */
export function recallCount(gateway: Gateway, incoming: Incoming): Promise<Read> {
  const { body } = incoming;
  return recall(
    gateway,
    isObject(body) ? { ...incoming, body: { ...body, store: false, background: false } } : incoming,
  );
}

/**
 * By default, as the API has it and clients count on (the AI SDK refers to items from its second turn on); in memory where
 * there is no database, for as long as there is room.
 *
 * @throws {GatewayError} `too-large` where it counts on more than may be put in front of a request
 */
function isKept({ config }: Gateway, wish: StateWish, text: string): boolean {
  const { store: setting, limit } = config.responses;
  if (wish.store === false) return false;
  const isMeant = wish.store || wish.background || wish.previous !== undefined || wish.conversation !== undefined;
  if (text.length <= limit) return isMeant || setting === "always";
  if (!isMeant) return false;
  throw new GatewayError("too-large", `Cannot keep the answer as its request is longer than ${limit} characters`);
}

async function pastOf(gateway: Gateway, { owner, wish }: { owner: string; wish: StateWish }): Promise<Past> {
  const past = wish.previous !== undefined
    ? await gateway.responses.history(owner, wish.previous)
    : wish.conversation !== undefined
    ? { items: await gateway.conversations.items(owner, wish.conversation), before: [] }
    : NOTHING;
  const size = past.items.length === 0 ? 0 : JSON.stringify(past.items).length;
  if (size <= gateway.config.responses.limit) return past;
  throw new GatewayError("context-length", "Cannot go on with the conversation as what was said in it is too long", {
    param: wish.previous === undefined ? "conversation" : "previous_response_id",
  });
}

/** The input with the items themselves in place of references to them; the same where there are none. */
async function resolved(
  gateway: Gateway,
  { owner, past, input }: { owner: string; past: Past; input: Json | undefined },
): Promise<Json[] | undefined> {
  if (!Array.isArray(input) || !input.some(isReference)) return undefined;
  const items = input.map(async (item, at): Promise<Json | undefined> => {
    if (!isReference(item)) return item;
    // What is in the history already is said once.
    if (past.items.some(({ id }) => id === item.id)) return undefined;
    const found = await gateway.responses.item(owner, String(item.id));
    if (found === undefined) throw unknownItem(`input[${at}]`);
    // An upstream that keeps nothing knows a thought by its seal alone.
    if (found.type === "reasoning" && typeof found.encrypted_content !== "string") return undefined;
    return withoutItemIds([found])[0];
  });
  return (await Promise.all(items)).filter((item) => item !== undefined);
}

function isReference(item: Json): item is JsonObject {
  return isObject(item) && item.type === "item_reference";
}

function unknownItem(path: string): GatewayError {
  const state = "refers to an item that is not kept: ask with store: false, and send the items themselves";
  return new GatewayError("invalid-request", `Cannot read the request as ${path} ${state}`, { param: path });
}

interface RequestParts {
  body: JsonObject;
  /** The body without what refers to something kept. */
  own: JsonObject;
  text: string;
  past: Past;
  /** What of the body asks for signatures. */
  signed: JsonObject;
}

/** Where nothing is put in front, the client's own text can still be relayed. */
function requestOf({ body, own, text, past, signed }: RequestParts): ChatRequest {
  const isWhole = past.items.length === 0 && own.input === body.input;
  const patches = { ...hasState(body) && WITHOUT_STATE, ...signed };
  if (isWhole) {
    const relayed = Object.keys(patches).length === 0 ? text : patchJson(text, patches);
    return openaiResponses.parseRequest(own, { text: relayed });
  }
  // Read by itself first: an error is to name the client's own places.
  const asked = openaiResponses.parseRequest(own, { text });
  const input = [...withoutItemIds(past.items), ...itemsOf(own.input)];
  const { messages } = openaiResponses.parseRequest({ ...own, input }, { text });
  const { text: _, ...source } = asked.source;
  return { ...asked, messages, source };
}

/** Thoughts that may be put in front of a later request need their signatures, as ids of theirs mean nothing here. */
function signaturesFor(body: JsonObject): { include?: Json[] } {
  const { effort, summary } = isObject(body.reasoning) ? body.reasoning : {};
  if ((effort ?? summary ?? "none") === "none") return {};
  const include = Array.isArray(body.include) ? body.include : [];
  return { include: [...new Set([...include, INCLUDE_SIGNATURES])] };
}

function itemsOf(input: Json | undefined): JsonObject[] {
  if (typeof input !== "string") return Array.isArray(input) ? input.filter(isObject) : [];
  return [{ type: "message", role: "user", content: [{ type: "input_text", text: input }] }];
}

function echoOf({ previous, conversation, background }: StateWish): JsonObject {
  return {
    background,
    store: true,
    previous_response_id: previous ?? null,
    ...(conversation !== undefined && { conversation: { id: conversation } }),
  };
}

interface KeeperParts {
  owner: string;
  wish: StateWish;
  past: Past;
  input: JsonObject[];
  /** The id of the stream, if it becomes one of its own. */
  stream: string;
}

function keeperOf(gateway: Gateway, { owner, wish, past, input, stream }: KeeperParts): AnswerKeeper {
  const { responses, conversations, ports } = gateway;
  const about = {
    input: withItemIds(input, ports.randomId),
    before: past.before,
    ...(wish.background && { stream }),
  };
  return responseKeeper({
    about,
    get: (id) => responses.get(owner, id),
    keep: (record) => responses.keep(owner, record),
    async said(record) {
      if (wish.conversation !== undefined) await conversations.add(owner, wish.conversation, saidIn(record));
    },
    log: ports.log,
  });
}
