/** Reading the configuration: the only place, with the two entries, that looks at the environment and at files. */

export { describeConfig } from "./describe_config.ts";
export { exposureOf } from "./exposure.ts";
export { behindProxy, isHosted, loadConfig } from "./load_config.ts";
export { type ConfigOutcome, type ConfigSources, parseConfig } from "./parse_config.ts";
export { type ConfigProblem, describeProblems } from "./problem.ts";
export {
  type FieldProblem,
  hasSetting,
  parseProvider,
  type ProviderOutcome,
  type WrittenJson,
} from "./parse_provider.ts";
export { type FormSchema, listProviderTypes, listVendors, providerForm } from "./provider_form.ts";
export { isProviderSetting, PROVIDER_GROUPS, PROVIDER_SETTINGS } from "./provider_settings.ts";
export { isProviderType, type ProviderConfig, type ProviderOrigin, type StreamMode } from "./provider_schema.ts";
export type { ClientKey, Config } from "./schema.ts";
export { areSendable, SENDABLE } from "./sendable_keys.ts";
export { SETTINGS } from "./settings.ts";
