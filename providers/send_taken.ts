/** Sends a request as its upstream takes it: what it says that it does not take is left out, and it is asked again. */

import { forgetSignatures } from "../chat/forget_signatures.ts";
import type { ChatRequest, Loss } from "../chat/request.ts";
import { type BodyOptions, formatBody } from "./format_body.ts";
import type { Call } from "./provider.ts";
import { isAboutSignatures, type Refusals, refusedIn } from "./refusals.ts";

export interface SendOptions extends Omit<BodyOptions, "learned"> {
  refusals: Refusals;
  /** Refusals that are answered elsewhere than here. */
  passesOn: (error: unknown) => boolean;
  /** @throws {GatewayError} where it is refused */
  send: (request: ChatRequest, call: Call, text: string) => Promise<Response>;
}

export interface Sent {
  response: Response;
  /** How it was asked in the end: perhaps not for a stream. */
  call: Call;
  lost: Loss[];
}

interface Asked {
  request: ChatRequest;
  /** Fields that are left out. */
  refused: readonly string[];
  /** Those of them that are worth remembering. */
  lasting: readonly string[];
  lost: readonly Loss[];
}

/** @throws {GatewayError} where the upstream refuses what cannot be left out */
export async function sendTaken(request: ChatRequest, call: Call, options: SendOptions): Promise<Sent> {
  const { refusals, passesOn, send } = options;
  const known = refusals.of(request.model);
  let asked: Asked = { request, refused: known, lasting: known, lost: [] };
  while (true) {
    const taken = asked.refused.includes("stream") ? { ...call, stream: false } : call;
    const { text, lost } = formatBody(asked.request, taken, { ...options, learned: asked.refused });
    try {
      const response = await send(asked.request, taken, text);
      if (asked.lasting !== known) refusals.learn(request.model, asked.lasting);
      return { response, call: taken, lost: [...asked.lost, ...lost] };
    } catch (error) {
      const next = passesOn(error) ? undefined : without(error, asked, { text, fields: call.fields ?? {} });
      if (next === undefined) throw error;
      asked = next;
    }
  }
}

/** What to ask for next, without what the error is about; `undefined` where nothing can be left out. */
function without(error: unknown, asked: Asked, { text, fields }: { text: string; fields: object }): Asked | undefined {
  if (isAboutSignatures(error)) {
    const request = forgetSignatures(asked.request);
    const lost = [...asked.lost, { path: "messages", reason: "the upstream refused signatures of its thoughts" }];
    if (request !== undefined) return { ...asked, request, lost };
  }
  const found = refusedIn(error, text);
  const more = found.fields.filter((name) => !asked.refused.includes(name) && !(name in fields));
  if (more.length === 0) return undefined;
  return {
    ...asked,
    refused: [...asked.refused, ...more],
    lasting: found.isLasting ? [...asked.lasting, ...more] : asked.lasting,
  };
}
