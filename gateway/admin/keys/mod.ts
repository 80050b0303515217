/** The admin routes of client keys: those that there are with what they have used, and all that changes them. */

import type { Context, Hono } from "hono";
import { GatewayError } from "../../../chat/error.ts";
import { parseKeyForm, type StoredKeyForm } from "../../config/key_limits.ts";
import type { FieldProblem } from "../../config/mod.ts";
import type { GatewayEnv } from "../../context.ts";
import type { Gateway } from "../../gateway.ts";
import { digestOf, formatDigest, newSecret, prefixOf } from "../../keys/secret.ts";
import type { StoredKey } from "../../keys/stored_keys.ts";
import { readJson } from "../../read_json.ts";
import { showKey, showKeys } from "./shown_key.ts";

export function addKeyRoutes(app: Hono<GatewayEnv>, gateway: Gateway): void {
  const { config, keys, limits, store, ports } = gateway;
  const bodyOf = async ({ req }: Context) => (await readJson(req.raw, config.advanced.bodyLimit)).body;

  app.get("/admin/keys", async (context) => {
    await keys.ready();
    return context.json({ keys: await showKeys(gateway), storage: store.state() });
  });

  app.post("/admin/keys", async (context) => {
    await keys.ready();
    const read = readForm(await bodyOf(context));
    if ("problems" in read) return refuse(context, read.problems);
    const start = { id: `key_${ports.randomId()}`, createdAt: ports.now() };
    return await issue(context, withForm(start, read.form), 201);
  });

  app.patch("/admin/keys/:id", async (context) => {
    const { id, createdAt, digest, prefix, ...form } = await keyOf(context);
    const read = readForm(merged(form, await bodyOf(context)), id);
    if ("problems" in read) return refuse(context, read.problems);
    const changed = { ...withForm({ id, createdAt }, read.form), digest, prefix };
    await keys.put(changed);
    return context.json({ key: await showKey(changed, gateway) });
  });

  app.post("/admin/keys/:id/rotate", async (context) => await issue(context, await keyOf(context), 200));

  app.delete("/admin/keys/:id", async (context) => {
    const { id } = await keyOf(context);
    await keys.remove(id);
    await limits.forget(id);
    return context.body(null, 204);
  });

  /** Gives the key a new secret, which is told this once. */
  async function issue(context: Context, key: Omit<StoredKey, "digest" | "prefix">, status: 200 | 201) {
    const secret = newSecret();
    const issued = { ...key, digest: formatDigest(digestOf(secret)), prefix: prefixOf(secret) };
    await keys.put(issued);
    return context.json({ key: await showKey(issued, gateway), secret }, status);
  }

  /** @throws {GatewayError} `not-found` */
  async function keyOf(context: Context): Promise<StoredKey> {
    await keys.ready();
    const id = context.req.param("id");
    const found = keys.all().find((key) => key.id === id);
    if (found === undefined) throw new GatewayError("not-found", `Cannot find a stored key "${id}"`);
    return found;
  }

  function readForm(body: unknown, id?: string): ReturnType<typeof parseKeyForm> {
    const read = parseKeyForm(body);
    if ("problems" in read) return read;
    const others = [...config.keys, ...keys.all().filter((key) => key.id !== id)];
    // Logs and records know keys by their names.
    if (others.every(({ name }) => name !== read.form.name)) return read;
    return { problems: [{ path: "name", message: "Expected a name that no other key has" }] };
  }
}

/** What the body does not name stays as it is. */
function merged(form: object, body: unknown): unknown {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...form, ...body } : body;
}

function withForm(
  start: Pick<StoredKey, "id" | "createdAt">,
  { name, limits = {}, disabled = false, expiresAt }: StoredKeyForm,
): Omit<StoredKey, "digest" | "prefix"> {
  return { ...start, name, limits, ...(disabled && { disabled }), ...(expiresAt != null && { expiresAt }) };
}

/** All the fields at fault, as the routes of providers tell them. */
function refuse(context: Context, problems: readonly FieldProblem[]): Response {
  const [first] = problems;
  const message = `Cannot keep the key as ${first?.path || "the body"} does not fit`;
  const error = { message, type: "invalid_request_error", param: first?.path ?? null, code: "invalid_key" };
  return context.json({ error, errors: problems }, 400);
}
