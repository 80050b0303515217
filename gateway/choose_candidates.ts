/** Who may answer a request, in the order in which they are to be tried. */

import type { ResolvedCandidate } from "./catalog/mod.ts";
import type { Ask } from "./answer.ts";
import type { Gateway } from "./gateway.ts";
import type { AnswerPlan } from "./open_answer.ts";
import { resolveRoute } from "./route_header.ts";
import { conversationOf } from "./routing/conversation.ts";
import { modelName, placesOf } from "./routing/lane.ts";
import { orderCandidates } from "./routing/order_candidates.ts";
import { answeringModel } from "./search_model.ts";

type Chosen = Pick<AnswerPlan, "hedgeAfter" | "conversation" | "place"> & {
  candidates: [ResolvedCandidate, ...ResolvedCandidate[]];
};

export async function chooseCandidates(gateway: Gateway, ask: Ask): Promise<Chosen> {
  const { forced, headers, observation: { owner }, request } = ask;
  const { candidates: listed, hedgeAfter } = await resolveRoute(gateway, {
    model: answeringModel(gateway, request),
    route: forced,
  });
  const conversation = gateway.config.advanced.affinity && isChoice(listed)
    ? conversationOf(request, { headers, owner })
    : undefined;
  const place = conversation?.goesOn ? gateway.routing.placeOf(conversation.name) : undefined;
  const isSettled = (candidate: ResolvedCandidate) => modelName(candidate) === place?.upstream;
  const [first = listed[0], ...others] = orderCandidates(listed, gateway.ports.random, isSettled);
  return { candidates: [first, ...others], hedgeAfter, conversation: conversation?.name, place };
}

/** Whether it is left to chance or to turns who is asked first, or with which key. */
function isChoice(candidates: readonly ResolvedCandidate[]): boolean {
  return candidates.some(({ provider }) => placesOf(provider).length > 1) ||
    candidates.filter(({ weight = 0 }) => weight > 0).length > 1;
}
