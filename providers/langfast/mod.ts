/** The provider of LangFast: OpenAI's models behind stored prompts, whose answers come over Socket.IO as snapshots. */

import { GatewayError } from "../../chat/error.ts";
import { checkAddress } from "../address_guard.ts";
import type { Provider, UpstreamModel } from "../provider.ts";
import { createOverlap } from "./overlap.ts";
import type { LangfastPorts } from "./ports.ts";
import { isRefusedSession } from "./refused_session.ts";
import { createSessions, type SessionOptions } from "./session.ts";

export interface LangfastOptions extends SessionOptions {
  name: string;
  /** Of scheme `http`, `https`, `ws` or `wss`. */
  socketUrl: string;
  /** The URLs were entered by someone who does not run the gateway: they must not lead into its network. */
  publicOnly?: boolean;
  /** It has no list to ask for: the ids to list, where the catalogue shall not be the list. */
  defaultModels?: readonly string[];
}

/** @throws {GatewayError} `configuration` for an URL or a token that cannot be one */
export function createLangfast(options: LangfastOptions, ports: LangfastPorts): Provider {
  const supabaseUrl = options.supabaseUrl.replace(/\/+$/, "");
  const target = { supabaseUrl, anonKey: options.anonKey, socketUrl: socketEndpoint(options.socketUrl) };
  const guard = { resolve: ports.resolveHost, publicOnly: options.publicOnly ?? false };
  const sessions = createSessions({ ...options, supabaseUrl }, ports);
  const overlap = createOverlap();
  const models = (options.defaultModels ?? []).map((id): UpstreamModel => ({ id }));

  return {
    name: options.name,
    dialectFor: () => undefined,

    async open(request, call) {
      call.signal.throwIfAborted();
      // Before each run, as a name may lead elsewhere by now.
      for (const url of [new URL(supabaseUrl), target.socketUrl]) await checkAddress(url, guard);
      // Socket.IO and what is said over it: few gateways have LangFast, and no start waits for it.
      const { openRun } = await import("./open_run.ts");
      const session = await sessions.current(call);
      try {
        return await openRun(request, { target, session, overlap, call }, ports);
      } catch (error) {
        if (!isRefusedSession(error) || !sessions.drop(session)) throw error;
      }
      // A session can be revoked before it expires. A new one that is refused too is not.
      const other = await sessions.current(call);
      return await openRun(request, { target, session: other, overlap, call }, ports);
    },

    listModels: () => Promise.resolve(models),
  };
}

/** Where its Socket.IO listens, with the versions it is spoken in. Takes a bare host as well as the whole address. */
function socketEndpoint(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^(?:http|ws)s?:$/.test(url.protocol)) {
    throw new GatewayError("configuration", "Cannot use the socket URL as it is no http, https, ws or wss URL");
  }
  url.protocol = url.protocol.replace("http", "ws");
  if (!url.pathname.includes("/socket.io")) url.pathname = `${url.pathname.replace(/\/+$/, "")}/socket.io/`;
  url.search = "?EIO=4&transport=websocket";
  url.hash = "";
  return url;
}
