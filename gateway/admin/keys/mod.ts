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

/** Of a new key. An older one may well be changed after its end. */
const ENDED: FieldProblem = { path: "expiresAt", message: "Expected a moment that is yet to come" };

export function addKeyRoutes(app: Hono<GatewayEnv>, gateway: Gateway): void {
  const { config, keys, limits, store, ports } = gateway;
  const bodyOf = async ({ req }: Context) => (await readJson(req.raw, config.advanced.bodyLimit)).body;

  app.get("/admin/keys", async (context) => {
    await keys.ready();
    const isOpen = await gateway.access.isOpen();
    return context.json({ keys: await showKeys(gateway), isOpen, storage: store.state() });
  });

  app.post("/admin/keys", async (context) => {
    await keys.ready();
    const read = readForm(await bodyOf(context), gateway);
    if ("problems" in read) return refuse(context, read.problems);
    if ((read.form.expiresAt ?? Infinity) <= ports.now()) return refuse(context, [ENDED]);
    const start = { id: `key_${ports.randomId()}`, createdAt: ports.now() };
    const { secret, told } = newlyTold();
    const key = { ...withForm(start, read.form), ...told };
    await keys.add(key);
    return context.json({ key: await showKey(key, gateway), secret }, 201);
  });

  app.patch("/admin/keys/:id", async (context) => {
    const body = await bodyOf(context);
    let problems: FieldProblem[] = [];
    const changed = await change(context, ({ id, createdAt, digest, prefix, ...form }) => {
      const read = readForm(merged(form, body), gateway, id);
      problems = "problems" in read ? read.problems : [];
      return "problems" in read ? undefined : { ...withForm({ id, createdAt }, read.form), digest, prefix };
    });
    if (problems.length > 0) return refuse(context, problems);
    return context.json({ key: await showKey(found(changed, context), gateway) });
  });

  app.post("/admin/keys/:id/rotate", async (context) => {
    const { secret, told } = newlyTold();
    const changed = found(await change(context, (key) => ({ ...key, ...told })), context);
    return context.json({ key: await showKey(changed, gateway), secret });
  });

  app.delete("/admin/keys/:id", async (context) => {
    const { id } = await keyOf(context);
    await keys.remove(id);
    await limits.forget(id);
    return context.body(null, 204);
  });

  async function change(context: Context, alter: (key: StoredKey) => StoredKey | undefined) {
    const { id } = await keyOf(context);
    return await keys.change(id, alter);
  }

  async function keyOf(context: Context): Promise<StoredKey> {
    await keys.ready();
    return found(keys.all().find(({ id }) => id === idOf(context)), context);
  }
}

/** The form of a new key, or of the one with this id. */
function readForm(body: unknown, { config, keys }: Gateway, id?: string): ReturnType<typeof parseKeyForm> {
  const read = parseKeyForm(body);
  if ("problems" in read) return read;
  const others = [...config.keys, ...keys.all().filter((key) => key.id !== id)];
  // Logs and records know keys by their names.
  if (others.every(({ name }) => name !== read.form.name)) return read;
  return { problems: [{ path: "name", message: "Expected a name that no other key has" }] };
}

function idOf(context: Context): string {
  return context.req.param("id") ?? "";
}

/** @throws {GatewayError} `not-found` */
function found(key: StoredKey | undefined, context: Context): StoredKey {
  if (key !== undefined) return key;
  throw new GatewayError("not-found", `Cannot find a stored key "${idOf(context)}"`);
}

/** A new secret, which is told this once, and what is kept of it. */
function newlyTold(): { secret: string; told: Pick<StoredKey, "digest" | "prefix"> } {
  const secret = newSecret();
  return { secret, told: { digest: formatDigest(digestOf(secret)), prefix: prefixOf(secret) } };
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
