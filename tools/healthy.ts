/** The container's health check: whether `/health` says that all is well, as the image has no curl. */

import { loadConfig } from "../gateway/config/mod.ts";

// The port may be that of a file.
const outcome = loadConfig();
const { port } = "config" in outcome ? outcome.config : { port: Deno.env.get("PORT") || 8000 };
const { ok } = await fetch(`http://localhost:${port}/health`);
Deno.exit(ok ? 0 : 1);
