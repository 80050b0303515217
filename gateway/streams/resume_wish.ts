/** Whether a request's stream is to be resumable: only where the client, or whoever gave it its key, asked for it. */

import { GatewayError } from "../../chat/error.ts";
import type { Config } from "../config/mod.ts";

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "true", "on"].map((word) => [word, true] as const),
  ...["0", "false", "off"].map((word) => [word, false] as const),
]);

export function wantsResume(
  headers: Headers,
  { key, settings }: { key: string | undefined; settings: Config["streams"] },
): boolean {
  const asked = headers.get("x-anystream-resume");
  if (asked === null) return settings.resume.includes("*") || (key !== undefined && settings.resume.includes(key));
  const wanted = WORDS.get(asked.trim().toLowerCase());
  if (wanted !== undefined) return wanted;
  throw new GatewayError("invalid-request", "Cannot answer as x-anystream-resume is not one of 1, 0", {
    param: "x-anystream-resume",
  });
}
