/** What one running gateway is made of, built from its configuration; its providers may change while it runs. */

import type { ProviderPorts } from "../providers/provider.ts";
import type { Store } from "../records/store.ts";
import { type Access, createAccess } from "./access.ts";
import { type AdminAccess, createAdminAccess } from "./admin/admin_access.ts";
import type { Admitted } from "./admitted.ts";
import type { Catalog } from "./catalog/mod.ts";
import type { Config } from "./config/mod.ts";
import type { Ending } from "./ending.ts";
import { createKeepsakes, type Keepsakes } from "./keepsakes.ts";
import { createStoredKeys, type StoredKeys } from "./keys/stored_keys.ts";
import { createLastFailures, type LastFailures } from "./last_failures.ts";
import { createLimits, createPlaces, type Limits, type Places } from "./limits/mod.ts";
import { createLiveFeed, type LiveFeed } from "./live_feed.ts";
import type { Log } from "./log.ts";
import { createMetrics, createModelLabel, type Metrics } from "./metrics/mod.ts";
import { createNotes } from "./notes.ts";
import { observeAll } from "./observer.ts";
import { patientCatalog } from "./patient_catalog.ts";
import { createPriceBook } from "./price_book.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import type { Redactor } from "./redact.ts";
import { createReporter, type Reporter } from "./reporter.ts";
import { createRoster } from "./roster.ts";
import { createRouting, type Routing } from "./routing/routing.ts";
import { type Conversations, createConversations } from "./responses/conversations.ts";
import { createKeptResponses, type KeptResponses } from "./responses/kept_responses.ts";
import { createSessions, type Sessions } from "./sessions/sessions.ts";
import { createStreams, type Streams } from "./streams/streams.ts";
import { createStoredProviders, type StoredProviders } from "./stored_providers/mod.ts";
import { createTariffBook } from "./tariff.ts";
import { telemetry } from "./telemetry/mod.ts";

export interface Ports extends ProviderPorts {
  log: Log;
  /** What keeps secrets out of logs and records, and learns new ones. */
  redactor: Redactor;
  /** Aborted when the process is about to end: running answers are told so in-band. */
  closing: AbortSignal;
  /** Asked before the process ends. */
  ending: Ending;
  /** Where records and other things are kept. */
  store: Store;
}

export interface Gateway extends Reporter {
  /** Its `providers` are those in use now: to be read anew by each request. */
  config: Config;
  /** What a request resolved stays as it is, whatever becomes of the provider meanwhile. */
  catalog: Catalog;
  /** Those that can be changed while the gateway runs. */
  providers: StoredProviders;
  failures: LastFailures;
  access: Access;
  admin: AdminAccess;
  keys: StoredKeys;
  limits: Limits;
  places: Places;
  keepsakes: Keepsakes;
  routing: Routing;
  ports: Ports;
  metrics: Metrics;
  store: Store;
  recorder: Recorder;
  streams: Streams;
  responses: KeptResponses;
  conversations: Conversations;
  /** Requests that need no client's key, as the admin makes them. */
  admitted: Admitted;
  /** What runs in this instance now, and what ended. */
  live: LiveFeed;
  sessions: Sessions;
}

export function createGateway(boot: Config, ports: Ports): Gateway {
  const roster = createRoster(boot, { ...ports, notes: createNotes(ports.store) });
  const { config } = roster;
  const providers = createStoredProviders({ store: ports.store, boot, roster, ports, newId: ports.randomId });
  const modelLabel = createModelLabel(config);
  const places = createPlaces(config.advanced);
  const pricesOf = createPriceBook(config);
  const limits = createLimits({ ...ports, pricesOf });
  const metrics = createMetrics(modelLabel, places.state);
  const traced = telemetry?.createTelemetry(config, modelLabel);
  const live = createLiveFeed();
  const recorder = createRecorder({
    store: ports.store,
    settings: config.records,
    redact: ports.redactor.redact,
    log: ports.log,
    instance: ports.randomId(),
    closing: ports.closing,
    kept: live.kept,
  });
  const keys = createStoredKeys(ports);
  const streams = createStreams({ ...ports, config });
  settleAtEnd(ports.ending, { streams, recorder, limits });
  const failures = createLastFailures(ports.redactor);
  const records = config.records.enabled ? [recorder] : [];
  const observers = observeAll(
    [metrics, live, failures, ...traced === undefined ? [] : [traced], ...records, limits, places],
    ports.log,
  );
  return {
    config,
    catalog: patientCatalog(roster.catalog, providers.ready),
    providers,
    failures,
    access: createAccess({
      keys: config.keys,
      stored: keys,
      isAdministered: config.adminKey !== undefined,
      now: ports.now,
      log: ports.log,
    }),
    keys,
    limits,
    places,
    admin: createAdminAccess({ key: config.adminKey, now: ports.now }),
    keepsakes: createKeepsakes({ now: ports.now }),
    routing: createRouting({ now: ports.now }),
    ports,
    metrics,
    store: ports.store,
    recorder,
    streams,
    responses: createKeptResponses({ store: ports.store, expireIn: config.responses.expire }),
    sessions: createSessions({ store: ports.store, settings: config.sessions }),
    conversations: createConversations({ ...ports, expireIn: config.responses.expire }),
    admitted: new WeakSet(),
    live,
    ...createReporter(observers, { ...ports, tariffOf: createTariffBook(config.models, pricesOf) }),
  };
}

function settleAtEnd(ending: Ending, { streams, recorder, limits }: Pick<Gateway, "streams" | "recorder" | "limits">) {
  // One that has lost its client, or never had one, is given as much time as an answer that is read.
  ending.waitFor(streams.settled);
  // What a stream ends with comes first: its record and its key's limits tell of it.
  ending.add(() => streams.settled().then(recorder.settled));
  ending.add(() => streams.settled().then(limits.settled));
}
