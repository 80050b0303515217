/** The three answers of a setup, and the file that they come to. */

import { stringify } from "smol-toml";
import { nearNames } from "../../gateway/catalog/near_names.ts";
import { isVendor, variableName, variablesOf, VENDOR_LIST } from "../../gateway/config/vendors.ts";

export interface Answers {
  vendor: Upstream;
  /** Of the vendor; empty where it wants none. */
  key: string;
  /** What clients have to bring; empty: the gateway is open. */
  clientKey: string;
}

/** A vendor known by name, or an address that speaks OpenAI's API. */
export type Upstream = { name: string; endpoint?: string };

/** What a person may call a vendor; throws with near names where there is none. */
export function readVendor(text: string): Upstream {
  const name = text.trim().toLowerCase();
  if (name === "azure") {
    throw new Error("Azure has an address for every account: docs/configuration.md tells its variables");
  }
  if (name === "demo" || isVendor(name)) return { name };
  const url = URL.parse(text.trim());
  if (url !== null && /^https?:$/.test(url.protocol)) {
    return { name: nameOf(url.hostname), endpoint: text.trim().replace(/\/+$/, "") };
  }
  const near = nearNames(name, VENDOR_LIST.map(([known]) => known), { limit: 1 });
  throw new Error(`There is no vendor "${text}"${near.length > 0 ? `; did you mean ${near[0]}?` : ""}`);
}

export function wantsKey({ name, endpoint }: Upstream): boolean {
  if (endpoint !== undefined || name === "demo") return endpoint !== undefined;
  return isVendor(name) && variablesOf(name).keys.length > 0;
}

/** `api.example.com` → `example`; an address in numbers → `mine`. */
function nameOf(host: string): string {
  return /^[\d.:[\]]+$/.test(host) ? "mine" : host.split(".").slice(0, -1).at(-1) ?? host;
}

export function newClientKey(): string {
  return `sk-anystream-${crypto.randomUUID().replaceAll("-", "")}`;
}

/** As `config.toml`. */
export function formatToml({ vendor: { name, endpoint }, key, clientKey }: Answers): string {
  const provider = { ...endpoint && { type: "openai", endpoint }, ...key && { api_key: keysOf(key) } };
  const isLocal = endpoint === undefined && key === "" && name !== "demo";
  return stringify({
    ...clientKey && { app: { keys: [clientKey] } },
    ...name !== "demo" && { providers: { [name]: isLocal ? { enabled: true } : provider } },
  });
}

/** As `.env`, for Docker and for whoever sets variables. */
export function formatEnv({ vendor: { name, endpoint }, key, clientKey }: Answers): string {
  const lines = clientKey ? [["USER_SET_KEY", clientKey]] : [];
  if (endpoint !== undefined) {
    const prefix = `PROVIDER_${variableName(name)}`;
    lines.push([`${prefix}_TYPE`, "openai"], [`${prefix}_ENDPOINT`, endpoint]);
    if (key) lines.push([`${prefix}_API_KEY`, key]);
  } else if (isVendor(name)) {
    const { keys: [variable], endpoint: [address] } = variablesOf(name);
    const base = VENDOR_LIST.find(([known]) => known === name)?.[1].endpoint;
    if (variable !== undefined && key) lines.push([variable, key]);
    else if (address !== undefined && base !== undefined) lines.push([address, base]);
  }
  return lines.map(([variable, value]) => `${variable}=${value}\n`).join("");
}

function keysOf(key: string): string | string[] {
  const keys = key.split(",").map((part) => part.trim()).filter((part) => part !== "");
  return keys.length > 1 ? keys : keys[0] ?? "";
}
