/** The admin routes of providers: what each type needs, how those that there are stand, and all that changes them. */

import type { Context, Handler, Hono } from "hono";
import { GatewayError } from "../../../chat/error.ts";
import {
  isProviderType,
  listProviderTypes,
  listVendors,
  type ProviderConfig,
  providerForm,
  type ProviderOrigin,
} from "../../config/mod.ts";
import type { GatewayEnv } from "../../context.ts";
import { createClient } from "../../create_client.ts";
import type { Gateway } from "../../gateway.ts";
import { readJson } from "../../read_json.ts";
import { Refusal, REFUSALS, type Standing } from "../../stored_providers/mod.ts";
import { listFresh } from "./list_fresh.ts";
import { showProviders, showStored } from "./shown_provider.ts";
import { tryProvider } from "./try_provider.ts";

type AdminApp = Hono<GatewayEnv>;

export function addProviderRoutes(app: AdminApp, gateway: Gateway): void {
  addFormRoutes(app, gateway);
  addTrialRoutes(app, gateway);
  addReadRoutes(app, gateway);
  addChangeRoutes(app, gateway);
}

function addFormRoutes(app: AdminApp, { config }: Gateway): void {
  app.get("/admin/provider-schema", (context) => context.json({ types: listProviderTypes(), vendors: listVendors() }));
  app.get("/admin/provider-schema/:type", (context) => {
    const type = context.req.param("type");
    if (isProviderType(type)) return context.json(providerForm(type, config));
    throw new GatewayError("not-found", `Cannot show the form of the type "${type}" as there is no such type`);
  });
}

function addReadRoutes(app: AdminApp, gateway: Gateway): void {
  const { providers, store } = gateway;
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
}

function addChangeRoutes(app: AdminApp, gateway: Gateway): void {
  const { providers } = gateway;
  const show = (context: Context, standing: Standing, status: 200 | 201) => {
    context.header("etag", `"${standing.stored.version}"`);
    return context.json(showStored(standing, gateway), status);
  };
  app.post(
    "/admin/providers",
    refusing(async (context) => {
      const { standing, isNew } = await providers.add(await bodyOf(context, gateway));
      context.header("location", `/admin/providers/${encodeURIComponent(standing.stored.name)}`);
      return show(context, standing, isNew ? 201 : 200);
    }),
  );
  app.put(
    "/admin/providers/:name",
    refusing(async (context) => {
      const name = context.req.param("name") ?? "";
      demandEditable(name, gateway);
      const body = await bodyOf(context, gateway);
      return show(context, await providers.change(name, body, versionOf(context)), 200);
    }),
  );
  app.delete(
    "/admin/providers/:name",
    refusing(async (context) => {
      const name = context.req.param("name") ?? "";
      demandEditable(name, gateway);
      await providers.remove(name, versionOf(context));
      return context.body(null, 204);
    }),
  );
}

function addTrialRoutes(app: AdminApp, gateway: Gateway): void {
  const { providers, config, ports } = gateway;
  const test = async (context: Context, provider: ProviderConfig) => {
    const client = createClient(provider, { config, ports });
    const model = context.req.query("model") || undefined;
    const { detail, ...trial } = await tryProvider({ client, config: provider, model, ...ports });
    return context.json({ ...trial, ...(detail !== undefined && { detail: ports.redactor.redact(detail) }) });
  };
  app.post(
    "/admin/providers/test",
    refusing(async (context) => await test(context, await providers.draft(await bodyOf(context, gateway)))),
  );
  app.post("/admin/providers/:name/test", async (context) => {
    return await test(context, await settingsOf(context.req.param("name"), gateway));
  });
  app.get("/admin/providers/:name/models", async (context) => {
    return context.json(await listFresh(await settingsOf(context.req.param("name"), gateway), gateway));
  });
}

async function bodyOf({ req }: Context, { config }: Gateway): Promise<unknown> {
  return (await readJson(req.raw, config.advanced.bodyLimit)).body;
}

/** @throws {GatewayError} `not-found` */
async function settingsOf(name: string, { config, providers }: Gateway): Promise<ProviderConfig> {
  await providers.ready;
  const found = config.providers.find((provider) => provider.name === name) ?? providers.find(name)?.provider;
  if (found === undefined) throw unknown(name);
  return found;
}

/**
 * A stored one that shares its name with one of the configuration may be changed all the same: it does no good as it is.
 *
 * @throws {Refusal} `provider_read_only`
 */
function demandEditable(name: string, { config, providers }: Gateway): void {
  const own = config.providers.find((provider) => provider.name === name && provider.origin !== "stored");
  if (own === undefined || providers.find(name) !== undefined) return;
  throw new Refusal("provider_read_only", `Cannot change "${name}" as it comes from ${SOURCES[own.origin]}`);
}

const SOURCES = {
  "file": "the configuration file",
  "environment": "the environment",
  "built-in": "the gateway itself",
  "stored": "the storage",
} as const satisfies Record<ProviderOrigin, string>;

/** What is refused is told with all the fields at fault. */
function refusing(handler: (context: Context<GatewayEnv>) => Promise<Response>): Handler<GatewayEnv> {
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
