/** Keeps the calls of a client's history: ids for those that have none, and which call a result answers (CASES T15, G11). */

export interface CallBook {
  /** The id under which a call goes on: its own, unless it has none or another call has it. */
  call(call: { id: string | undefined; name: string }): string;
  /** The call that a result answers: by its id, else the first of its name that waits for one. */
  answer(result: { id: string | undefined; name: string | undefined }): { callId: string; name: string };
}

interface WaitingCall {
  callId: string;
  /** What the client calls it. */
  id: string | undefined;
  name: string;
}

export function callBook(): CallBook {
  const ids = new Set<string>();
  const waiting = new Set<WaitingCall>();

  /** Counted over the whole conversation, so that two calls of one function differ. */
  function makeId(name: string): string {
    const word = name.replace(/[^\w-]/g, "_").slice(0, 40);
    for (let at = ids.size + 1;; at++) {
      const id = `call_${at}_${word}`;
      if (!ids.has(id)) return id;
    }
  }

  function begin({ id, name }: { id: string | undefined; name: string }): WaitingCall {
    const callId = id !== undefined && !ids.has(id) ? id : makeId(name);
    ids.add(callId);
    return { callId, id, name };
  }

  function first(isMeant: (call: WaitingCall) => boolean): WaitingCall | undefined {
    for (const call of waiting) if (isMeant(call)) return call;
    return undefined;
  }

  return {
    call(call) {
      const begun = begin(call);
      waiting.add(begun);
      return begun.callId;
    },
    answer({ id, name }) {
      const byId = id === undefined ? undefined : first((call) => call.id === id);
      const found = byId ?? first((call) => call.name === name) ?? begin({ id, name: name ?? "unknown" });
      waiting.delete(found);
      return { callId: found.callId, name: found.name };
    },
  };
}
