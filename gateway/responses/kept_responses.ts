/** The answers of the Responses API that are kept: read, written and gone through as a conversation. */

import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../../dialects/json.ts";
import { responseItemKeys, responseKey, type ResponseRecord } from "../../records/response_record.ts";
import type { Key, Store, Write } from "../../records/store.ts";
import { demandStorage } from "../storage_away.ts";
import { isFinal } from "./status.ts";

export interface KeptResponses {
  get(owner: string, id: string): Promise<ResponseRecord | undefined>;
  /** Keeps an answer under the id that it bears. */
  keep(owner: string, record: ResponseRecord): Promise<void>;
  delete(owner: string, record: ResponseRecord): Promise<void>;
  /**
   * What was said up to and in an answer, and the ids of the answers that said it.
   *
   * @throws {GatewayError} `invalid-request` where one of them is not there, or has not ended
   */
  history(owner: string, id: string): Promise<{ items: JsonObject[]; before: string[] }>;
  /** An item of any answer, or of its request. */
  item(owner: string, id: string): Promise<JsonObject | undefined>;
}

/** Answers that are looked through for an item: one that is being deleted may be the first that had it. */
const MOST_TRIED = 5;

export function createKeptResponses({ store, expireIn }: { store: Store; expireIn: number }): KeptResponses {
  async function get(owner: string, id: string): Promise<ResponseRecord | undefined> {
    return (await store.get<ResponseRecord>(responseKey(owner, id)))?.value;
  }

  async function past(owner: string, id: string): Promise<ResponseRecord> {
    const record = await get(owner, id);
    if (record !== undefined) return record;
    demandStorage(store, `go on from ${id}`);
    throw new GatewayError("invalid-request", `Cannot go on from ${id} as no answer with this id is kept`, {
      param: "previous_response_id",
      code: "previous_response_not_found",
    });
  }

  return {
    get,
    async keep(owner, record) {
      const id = String(record.response.id);
      const items = itemKeysOf(owner, record).map((key): Write => ({ key, value: true, expireIn }));
      await store.setAll([...items, { key: responseKey(owner, id), value: record, expireIn }]);
    },
    async delete(owner, record) {
      await Promise.all(itemKeysOf(owner, record).map((key) => store.delete(key)));
      await store.delete(responseKey(owner, String(record.response.id)));
    },
    async history(owner, id) {
      const last = await past(owner, id);
      if (!isFinal(last.response)) {
        throw new GatewayError("invalid-request", `Cannot go on from ${id} as it is still being answered`, {
          param: "previous_response_id",
        });
      }
      const records = [...await Promise.all(last.before.map((id) => past(owner, id))), last];
      return { items: records.flatMap(saidIn), before: [...last.before, id] };
    },
    async item(owner, id) {
      const found = isShort(id) ? await store.list<true>(responseItemKeys(owner, id), { limit: MOST_TRIED }) : [];
      for (const { key } of found) {
        const record = await get(owner, String(key.at(-1)));
        const item = record && itemsOf(record).find((item) => item.id === id);
        if (item !== undefined) return item;
      }
      return undefined;
    },
  };
}

/** An answer that goes on from another one has its items, too: each has a key of its own, which ends with it. */
function itemKeysOf(owner: string, record: ResponseRecord): Key[] {
  const id = String(record.response.id);
  const items = itemsOf(record).flatMap((item) => typeof item.id === "string" && isShort(item.id) ? [item.id] : []);
  return [...new Set(items)].map((item) => [...responseItemKeys(owner, item), id]);
}

/** Whether a key can hold the id, which is whatever a client sent: an item with a longer one cannot be referred to. */
function isShort(id: string): boolean {
  return id.length <= 256;
}

function itemsOf(record: ResponseRecord): JsonObject[] {
  return [...record.input, ...outputOf(record.response)];
}

/** What an answer adds to a conversation: of one that broke off, only what was whole. */
export function saidIn({ input, response }: Pick<ResponseRecord, "input" | "response">): JsonObject[] {
  return [...input, ...outputOf(response).filter(({ type, status }) => type === "message" || status !== "incomplete")];
}

export function outputOf({ output }: JsonObject): JsonObject[] {
  return Array.isArray(output) ? output.filter(isObject) : [];
}
