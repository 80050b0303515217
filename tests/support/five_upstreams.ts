/** A gateway with one provider of each dialect, named after it, all of them served by one mock upstream. */

import { CALLER_LIST } from "./callers.ts";
import { startGateway } from "./gateway.ts";
import { startMockUpstream } from "./mock_upstream.ts";
import type { PairTest } from "./pair.ts";

/** Tests against such a gateway with these settings. The providers' only model is `text`; their key is `vendor-key-1`. */
export function withFiveUpstreams(env: Record<string, string> = {}): { test(definition: PairTest): void } {
  return {
    test({ name, run }) {
      Deno.test(name, async () => {
        const upstream = startMockUpstream();
        const toml = CALLER_LIST.map(({ dialect }) => providerTable(dialect, `${upstream.url}/${dialect}`)).join("\n");
        const gateway = startGateway({ env, toml });
        try {
          await run({ gateway, upstream });
        } finally {
          await gateway.close();
          await upstream.close();
        }
      });
    },
  };
}

function providerTable(dialect: string, endpoint: string): string {
  const isOpenai = dialect.startsWith("openai");
  return `
[providers.${dialect}]
type = "${isOpenai ? "openai" : dialect}"
endpoint = "${isOpenai ? `${endpoint}/v1` : endpoint}"
api_key = "vendor-key-1"
models = ["text"]
${dialect === "openai_responses" ? 'api = "responses"' : ""}
`;
}
