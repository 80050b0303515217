/** The container's health check: whether `/health` says that all is well, as the image has no curl. */

const port = Deno.env.get("PORT") || "8000";
const { ok } = await fetch(`http://localhost:${port}/health`);
Deno.exit(ok ? 0 : 1);
