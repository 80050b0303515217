/** The admin routes of providers: what each type needs, how those that there are stand, and all that changes them. */

import type { Context, Handler, Hono } from "hono";
import { GatewayError } from "../../../chat/error.ts";
import { isProviderType, listProviderTypes, listVendors, type ProviderConfig, providerForm } from "../../config/mod.ts";
import type { GatewayEnv } from "../../context.ts";
import { createClient } from "../../create_client.ts";
import type { Gateway } from "../../gateway.ts";
import { readJson } from "../../read_json.ts";
import { Refusal, REFUSALS, type Standing } from "../../stored_providers/mod.ts";
import { listFresh } from "./list_fresh.ts";
import { showProviders, showStored } from "./shown_provider.ts";
import { tryProvider } from "./try_provider.ts";

type AdminHandler = Handler<GatewayEnv>;

export function addProviderRoutes(app: Hono<GatewayEnv>, gateway: Gateway): void {
  const { config, providers, store, ports } = gateway;
  const bodyOf = async ({ req }: Context) => (await readJson(req.raw, config.advanced.bodyLimit)).body;

  app.get("/admin/provider-schema", (context) => context.json({ types: listProviderTypes(), vendors: listVendors() }));
  app.get("/admin/provider-schema/:type", (context) => {
    const type = context.req.param("type");
    if (!isProviderType(type)) {
      throw new GatewayError("not-found", `Cannot show the type "${type}" as there is none`);
    }
    return context.json(providerForm(type, config));
  });

  app.get("/admin/providers", async (context) => {
    await providers.ready;
    return context.json({ providers: showProviders(gateway), storage: store.state() });
  });
  app.get("/admin/providers/:name", async (context) => {
    await providers.ready;
    const name = context.req.param("name");
    const found = showProviders(gateway).find((provider) => provider.name === name);
    if (found === undefined) throw unknown(name);
    if (found.version !== undefined) context.header("etag", `"${found.version}"`);
    return context.json(found);
  });
  app.post(
    "/admin/providers",
    refusing(async (context) => {
      const { standing, isNew } = await providers.add(await bodyOf(context));
      context.header("location", `/admin/providers/${encodeURIComponent(standing.stored.name)}`);
      return show(context, standing, isNew ? 201 : 200);
    }),
  );
  app.put(
    "/admin/providers/:name",
    refusing(async (context) => {
      const name = context.req.param("name") ?? "";
      demandEditable(name);
      return show(context, await providers.change(name, await bodyOf(context), versionOf(context)), 200);
    }),
  );
  app.delete(
    "/admin/providers/:name",
    refusing(async (context) => {
      const name = context.req.param("name") ?? "";
      demandEditable(name);
      await providers.remove(name, versionOf(context));
      return context.body(null, 204);
    }),
  );

  app.post(
    "/admin/providers/test",
    refusing(async (context) => {
      return await test(context, await providers.draft(await bodyOf(context)));
    }),
  );
  app.post("/admin/providers/:name/test", (context) => test(context, settingsOf(context.req.param("name"))));
  app.get("/admin/providers/:name/models", async (context) => {
    await providers.ready;
    return context.json(await listFresh(settingsOf(context.req.param("name")), gateway));
  });

  /** A stored one that shares its name with one of the configuration may be removed, so that it does no more harm. */
  function demandEditable(name: string): void {
    const own = config.providers.find((provider) => provider.name === name && provider.origin !== "stored");
    if (own === undefined || providers.find(name) !== undefined) return;
    throw new Refusal("provider_read_only", `Cannot change "${name}" as it comes from the ${own.origin}`);
  }

  function settingsOf(name: string): ProviderConfig {
    const found = config.providers.find((provider) => provider.name === name) ?? providers.find(name)?.provider;
    if (found === undefined) throw unknown(name);
    return found;
  }

  async function test(context: Context, provider: ProviderConfig): Promise<Response> {
    const client = createClient(provider, { config, ports });
    const trial = await tryProvider({
      client,
      config: provider,
      model: context.req.query("model") || undefined,
      ...{ now: ports.now, randomId: ports.randomId },
    });
    const { detail } = trial;
    return context.json({ ...trial, ...(detail !== undefined && { detail: ports.redactor.redact(detail) }) });
  }

  function show(context: Context, standing: Standing, status: 200 | 201): Response {
    context.header("etag", `"${standing.stored.version}"`);
    return context.json(showStored(standing, gateway), status);
  }
}

/** What is refused is told with all the fields at fault. */
function refusing(handler: (context: Context<GatewayEnv>) => Promise<Response>): AdminHandler {
  return async function refusing(context) {
    try {
      return await handler(context);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { message, code, problems } = error;
      const [first] = problems;
      const body = { message, type: "invalid_request_error", param: first?.path ?? null, code };
      return context.json({ error: body, errors: problems }, REFUSALS[code]);
    }
  };
}

/** The version that `If-Match` names, as we gave it in `ETag`. */
function versionOf({ req }: Context): string | undefined {
  return req.header("if-match")?.trim().replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
}

function unknown(name: string): GatewayError {
  return new GatewayError("not-found", `Cannot find a provider "${name}"`);
}
