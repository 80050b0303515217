/** The limit on this runtime: parse the JSON, write it again, fetch, hand back the upstream's body. */

const [port, upstream] = Deno.args;

Deno.serve({ port: Number(port), hostname: "127.0.0.1", onListen() {} }, async (request) => {
  if (request.method !== "POST") return new Response("ok");
  const body = JSON.stringify(await request.json());
  const response = await fetch(upstream + new URL(request.url).pathname, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  return new Response(response.body, { headers: { "content-type": response.headers.get("content-type") ?? "" } });
});
