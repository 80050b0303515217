/** The built-in provider: answers offline and always alike, so that a first request works without a key or a network. */

import { GatewayError } from "../../chat/error.ts";
import type { Provider, ProviderPorts } from "../provider.ts";
import { compose } from "./compose.ts";
import { EMBEDDER, EMBEDDER_FACTS, embedTexts } from "./embed.ts";
import { DEMO_MODELS } from "./models.ts";
import { play } from "./play.ts";

/** Requests whose attempts are remembered, for the model that fails at first. */
const REMEMBERED = 1000;

export function createDemo({ name }: { name: string }, ports: Pick<ProviderPorts, "now" | "randomId">): Provider {
  const attempts = new Map<string, number>();

  function countAttempt(requestId: string): number {
    const attempt = (attempts.get(requestId) ?? 0) + 1;
    attempts.set(requestId, attempt);
    const [oldest] = attempts.keys();
    if (attempts.size > REMEMBERED && oldest !== undefined) attempts.delete(oldest);
    return attempt;
  }

  return {
    name,
    dialectFor: () => undefined,
    async open(request, call) {
      if (request.model === EMBEDDER) {
        throw new GatewayError("invalid-request", "Cannot answer as the model only embeds", { param: "model" });
      }
      const model = Object.hasOwn(DEMO_MODELS, request.model) ? DEMO_MODELS[request.model] : undefined;
      if (model === undefined) throw new GatewayError("unknown-model", "Cannot answer as the demo has no such model");
      const steps = compose(model, {
        request,
        attempt: countAttempt(call.requestId),
        newId: () => ports.randomId().replaceAll(/[^A-Za-z0-9]/g, ""),
        created: Math.floor(ports.now() / 1000),
      });
      return await play(steps, call);
    },
    embed: (body) => Promise.try(embedTexts, body),
    listModels: () => {
      const chats = Object.entries(DEMO_MODELS).map(([id, { facts }]) => ({ id, facts }));
      const models = [...chats, { id: EMBEDDER, facts: EMBEDDER_FACTS }];
      return Promise.resolve(models.map((model) => ({ ...model, ownedBy: name })));
    },
  };
}
