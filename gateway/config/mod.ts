/** Reading the configuration: the only place, with the two entries, that looks at the environment and at files. */

export type {
  ClientKey,
  Config,
  HttpProviderConfig,
  LangfastConfig,
  ProviderConfig,
  ProviderType,
  StreamMode,
} from "./schema.ts";
