/** The limits of client keys at work: a request is let in with an estimate, and counted by what it used when it has ended. */

import type { Usage } from "../../chat/usage.ts";
import type { Store } from "../../records/store.ts";
import type { ClientIdentity } from "../access.ts";
import type { KeyLimits } from "../config/key_limits.ts";
import { costOf } from "../cost.ts";
import type { Log } from "../log.ts";
import type { Observation } from "../observation.ts";
import type { GatewayObserver } from "../observer.ts";
import type { PriceBook } from "../price_book.ts";
import type { Reservation } from "./grants.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { Amounts, Gauge } from "./measures.ts";
import { refusalOf } from "./refusal.ts";
import { createUnpriced } from "./unpriced.ts";

/** What a request may come to, as far as it is known before it is answered. */
export interface Forecast {
  /** Tokens of the prompt; only asked for where tokens are limited. */
  input: () => number;
  /** The most tokens that the answer may have, where the client says so. */
  mostOutput: number | undefined;
}

export interface Limits extends GatewayObserver {
  /**
   * Lets the request in, and notes what it is let in with; a request is counted once it has `finished`.
   *
   * @throws {GatewayError} `rate-limit` or `quota`
   */
  admit(client: ClientIdentity, observation: Observation, forecast: Forecast): Promise<void>;
  /** Every limit of the key with what is used of it, as this instance knows it. */
  gauges(client: Pick<ClientIdentity, "id" | "limits">): Gauge[];
  /** The same, as all instances know it. */
  currentGauges(client: Pick<ClientIdentity, "id" | "limits">): Promise<Gauge[]>;
  /** What does not limit as somebody may believe. */
  warnings(): string[];
  /** Resolves when the storage has all that was used, and back what was not. */
  settled(): Promise<void>;
  /** Forgets what the key has used. */
  forget(id: string): Promise<void>;
}

export interface LimitsOptions {
  store: Store;
  pricesOf: PriceBook;
  now: () => number;
  random: () => number;
  log: Pick<Log, "warn">;
  closing: AbortSignal;
}

/** What a key's answers have come to so far: a forecast for its next. */
interface Custom {
  output: number;
  money: number;
}

/** A request that was let in, until it has finished. */
interface UnderWay {
  client: ClientIdentity;
  /** The one that let it in: once its key is gone, no other is to count it. */
  ledger: Ledger;
  reservation: Reservation;
}

/** What is reserved for a key's first answer. */
const FIRST_OUTPUT = 100;
/** How much the last answer counts against those before. */
const WEIGHT = 0.2;
const MICRO = 1_000_000;

export function createLimits(options: LimitsOptions): Limits {
  const { store, pricesOf, now, log } = options;
  const ledgers = new Map<string, Ledger>();
  const customs = new Map<string, Custom>();
  const unpriced = createUnpriced(log);
  const open = new Map<Observation, UnderWay>();
  let isAlone = false;

  /** One warning for each time that the storage is away. */
  function alone(): void {
    if (!isAlone) log.warn("Cannot count limits with other instances as the storage is away: each counts by itself");
    isAlone = true;
  }

  function ledgerOf(id: string): Ledger {
    const known = ledgers.get(id);
    if (known !== undefined) return known;
    const ledger = createLedger({ ...options, id, alone });
    ledgers.set(id, ledger);
    return ledger;
  }

  return {
    warnings: unpriced.warnings,
    settled: async () => void await Promise.all([...ledgers.values()].map((ledger) => ledger.close())),
    async admit(client, observation, forecast) {
      const { id, limits } = client;
      const custom = customs.get(id) ?? { output: FIRST_OUTPUT, money: 0 };
      const ledger = ledgerOf(id);
      const outcome = await ledger.admit(limits, forecastOf(limits, forecast, custom));
      if ("gauge" in outcome) throw refusalOf(outcome, now());
      open.set(observation, { client, ledger, reservation: outcome });
      if (store.state().degraded === undefined) isAlone = false;
    },
    started() {},
    finished(observation) {
      const entry = open.get(observation);
      if (entry === undefined) return;
      open.delete(observation);
      const { client, client: { id, limits }, ledger, reservation } = entry;
      const { provider, upstreamModel, usage, tariff } = observation;
      const money = usage && costOf(usage, pricesOf(provider, upstreamModel), tariff)?.total;
      if (usage !== undefined && money === undefined) unpriced.note(client, observation);
      const used = { usage, money: Math.ceil((money ?? 0) * MICRO) };
      if (usage !== undefined) customs.set(id, learned(customs.get(id), { output: usage.output, money: used.money }));
      ledger.settle(reservation, usedOf(limits, used));
    },
    gauges: ({ id, limits }) => ledgerOf(id).gauges(limits),
    currentGauges: ({ id, limits }) => ledgerOf(id).currentGauges(limits),
    async forget(id) {
      const ledger = ledgerOf(id);
      ledgers.delete(id);
      customs.delete(id);
      await ledger.clear();
    },
  };
}

/** Nothing is estimated that nobody limits. */
function forecastOf(limits: KeyLimits, { input, mostOutput = Infinity }: Forecast, custom: Custom): Amounts {
  const { tokensPerMinute, tokensPerDay, tokensPerMonth } = limits;
  const isLimited = (tokensPerMinute ?? tokensPerDay ?? tokensPerMonth) !== undefined;
  const tokens = isLimited ? input() + Math.ceil(Math.min(custom.output, mostOutput)) : 0;
  return amountsOf(limits, { tokens, money: Math.ceil(custom.money) });
}

function usedOf(limits: KeyLimits, { usage, money }: { usage: Usage | undefined; money: number }): Amounts {
  return amountsOf(limits, { tokens: usage === undefined ? 0 : usage.input + usage.output, money });
}

/** Minutes are counted only where they are limited: nobody looks at them later. */
function amountsOf(limits: KeyLimits, { tokens, money }: { tokens: number; money: number }): Amounts {
  return {
    requests: limits.requestsPerMinute === undefined ? 0 : 1,
    tokens: limits.tokensPerMinute === undefined ? 0 : tokens,
    dayTokens: tokens,
    dayMoney: money,
  };
}

function learned(custom: Custom | undefined, last: Custom): Custom {
  if (custom === undefined) return last;
  const mix = (before: number, now: number) => before + WEIGHT * (now - before);
  return { output: mix(custom.output, last.output), money: mix(custom.money, last.money) };
}
