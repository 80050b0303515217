/** Sends a request as its upstream takes it: what it says that it does not take is left out, and it is asked again. */

import { type ErrorKind, GatewayError, SEES_NO_PICTURES } from "../../chat/error.ts";
import type { ChatRequest, Loss } from "../../chat/request.ts";
import { given } from "../../dialects/given.ts";
import type { Call } from "../provider.ts";
import { type BodyOptions, formatBody } from "./format_body.ts";
import type { Refusals } from "./learned.ts";
import { isAboutPictures, REMEDIES } from "./remedies.ts";
import type { Refusal } from "./remedy.ts";
import { firstWay, type Way } from "./way.ts";

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
  /** What for: perhaps with its tools folded into one. */
  request: ChatRequest;
  lost: Loss[];
}

/**
 * At the first refusal other instances are asked, which may know all that the model refuses: no other is met then.
 *
 * @throws {GatewayError} where the upstream refuses what cannot be left out
 */
export async function sendTaken(request: ChatRequest, call: Call, options: SendOptions): Promise<Sent> {
  const { refusals, passesOn, send } = options;
  let known = refusals.of(request.model);
  let way = firstWay(request, known, options.quirks);
  while (true) {
    const stream = way.refused.includes("stream") ? false : way.learned.mustStream || call.stream;
    const taken = stream === call.stream ? call : { ...call, stream };
    const { text, lost } = formatBody(way.request, taken, { ...options, quirks: way.quirks, learned: way.refused });
    try {
      const response = await send(way.request, taken, text);
      if (way.learned !== known) refusals.learn(request.model, way.learned);
      return { response, call: taken, request: way.request, lost: [...way.lost, ...lost] };
    } catch (error) {
      const next = passesOn(error) ? undefined : nextWay(error, way, { sent: text, fields: call.fields ?? {} });
      if (next === undefined) throw told(error, way);
      const heard = way.learned === known ? await refusals.hear(request.model) : undefined;
      if (heard !== undefined) known = heard;
      way = heard === undefined ? next : firstWay(request, heard, options.quirks);
    }
  }
}

/** A window that is too small may be too small for the answer alone; a model that is not there, for a picture. */
const REFUSED: ReadonlySet<ErrorKind> = new Set([
  ...["invalid-request", "unprocessable", "context-length", "unknown-model"] as const,
]);

/** Local servers say with a 500 what a model's template does not take. */
function isRefusal({ kind, detail = "" }: GatewayError): boolean {
  return REFUSED.has(kind) || (kind === "upstream-failure" && /jinja|chat template|raise_exception/i.test(detail));
}

/** How to ask next, without what the error is about; `undefined` where nothing can be left out. */
function nextWay(error: unknown, way: Way, refused: Omit<Refusal, "told">): Way | undefined {
  if (!(error instanceof GatewayError) || !isRefusal(error)) return undefined;
  const refusal = { ...refused, told: wordsOf(error) };
  for (const remedy of REMEDIES) {
    const next = remedy(refusal, way);
    if (next !== undefined) return next;
  }
  return undefined;
}

function wordsOf({ param = "", detail = "" }: GatewayError): string {
  return `${param} ${detail}`;
}

const NO_PICTURES_TAKEN = "Cannot answer as the model takes no pictures: leave them out, or choose another model";

/** What is thrown in the end: a model that does not see what it is shown is no reason to ask no other. */
function told(error: unknown, way: Way): unknown {
  const isBlind = error instanceof GatewayError && isRefusal(error) && isAboutPictures({ told: wordsOf(error) }, way);
  if (!isBlind) return error;
  const { kind, param, detail } = error;
  return new GatewayError(kind, NO_PICTURES_TAKEN, {
    code: SEES_NO_PICTURES,
    cause: error,
    ...given({ param, detail }),
  });
}
