/** What the gateway knows of a vendor, so that its key alone is enough. Data only. */

import type { Quirks } from "../dialects/dialect.ts";
import type { AuthStyle } from "./auth.ts";
import type { OpenaiApi } from "./openai.ts";

export interface Vendor {
  title: string;
  type: "openai" | "anthropic" | "gemini" | "ollama";
  /** The full base that the dialect's paths are put behind; absent where every account has its own. */
  endpoint?: string;
  /** Further hosts of the same vendor, known so that its quirks hold there too. */
  otherEndpoints?: readonly string[];
  /** Put behind an endpoint that is given without a path. */
  path?: string;
  /** The variables that switch it on, each a key or several separated by commas. */
  env: readonly string[];
  auth: AuthStyle;
  /** Absent for those whose Responses API is not OpenAI's in all that its clients send. */
  api?: OpenaiApi;
  /** Query parameters that are taken from a variable where it is set. */
  queryEnv?: Readonly<Record<string, string>>;
  quirks: Quirks;
  /** Runs on the user's own machine and wants no key: it is switched on by its `_BASE_URL`. */
  local?: true;
  docs: string;
}
