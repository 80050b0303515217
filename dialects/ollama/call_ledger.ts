/** Gives the calls of a history their ids, and finds the call that a result answers: Ollama's clients may send neither. */

export interface CallLedger {
  /** A message of the role begins. */
  turn(role: string): void;
  /** The id of a call: the client's where it is the first to bear it, otherwise one made of the call's place. */
  call(name: string, given: string | undefined): string;
  /** The call that a result answers: the one of the id, else the next of the name, else the next; none with another id. */
  result(result: { id: string | undefined; name: string | undefined }): { id: string; name?: string };
}

interface OpenCall {
  id: string;
  name: string;
  given: string | undefined;
}

/** Places count from the start of the conversation, so that a call keeps its id as the history grows (CASES T15). */
export function callLedger(): CallLedger {
  const taken = new Set<string>();
  /** Calls without a result so far. */
  let open: OpenCall[] = [];
  let place = 0;
  let before = "";

  function newId(): string {
    let id: string;
    do id = `call_${place++}`; while (taken.has(id));
    taken.add(id);
    return id;
  }

  function take(isMeant: (call: OpenCall) => boolean): OpenCall | undefined {
    const at = open.findIndex(isMeant);
    return at === -1 ? undefined : open.splice(at, 1)[0];
  }

  return {
    turn(role) {
      // Calls in messages that follow each other are one turn's; a new turn leaves no old call to be answered.
      if (role === "assistant" && before !== "assistant") open = [];
      before = role;
    },
    call(name, given) {
      const id = given === undefined || taken.has(given) ? newId() : given;
      taken.add(id);
      open.push({ id, name, given });
      return id;
    },
    result({ id, name }) {
      const isNamed = (call: OpenCall) => name === undefined || call.name === name;
      const called = id === undefined
        ? take(isNamed)
        : take(({ given }) => given === id) ?? take((call) => call.id === id) ??
          take((call) => call.given === undefined && isNamed(call));
      if (called !== undefined) return { id: called.id, name: called.name };
      return { id: id ?? newId(), ...(name !== undefined && { name }) };
    },
  };
}
