/** The state of a provider's form: what is typed, what is wrong with it, and what sends it. */
/// <reference lib="dom" />

import { useEffect, useState } from "preact/hooks";
import { api } from "../browser/api.js";
import { idOf, isAtOrBelow } from "./field.js";
import { fieldsOf, fromValues, toValues } from "./form_values.js";

/** @typedef {import("./form_values.js").Schema} Schema */
/** @typedef {import("./form_values.js").Values} Values */
/** @typedef {import("./start.js").Choices} Choices */
/** @typedef {import("./shapes.ts").ProviderShape} Provider */

/** @param {{ provider: Provider | undefined, choices: Choices, saved: (provider: Provider) => void }} options */
export function useProviderForm({ provider, choices, saved }) {
  const [chosen, setChosen] = useState("type:openai");
  const [values, setValues] = useState(/** @type {Values} */ ({}));
  const [forgotten, setForgotten] = useState(/** @type {ReadonlySet<string>} */ (new Set()));
  const sending = useSending();
  const type = provider === undefined ? typeOf(chosen, choices) : provider.type;
  const schema = useSchema(type, { provider, setValues, fail: sending.setFailure });
  useEffect(() => schema && focusFirst(schema, sending.problems), [sending.problems]);

  const body = () => ({
    ...fromValues(schema ?? {}, values, forgotten),
    type,
    ...(provider !== undefined && { name: provider.name }),
  });
  const store = () =>
    provider === undefined ? api("providers", { method: "POST", body: body() }) : putProvider(provider, body());

  return {
    ...{ chosen, schema, failure: sending.failure, trial: sending.trial, isBusy: sending.isBusy },
    choose(/** @type {string} */ next) {
      setValues((old) => startingWith(old, { next, before: chosen, choices }));
      setChosen(next);
      sending.clear();
    },
    form: {
      values,
      forgotten,
      problems: sending.problems,
      stored: provider?.secrets ?? {},
      set: (/** @type {string} */ path, /** @type {string} */ text) => setValues((old) => ({ ...old, [path]: text })),
      forget: (/** @type {string} */ path, /** @type {boolean} */ is) =>
        setForgotten((old) => new Set(is ? [...old, path] : [...old].filter((known) => known !== path))),
    },
    save: () => sending.send(async () => saved(await store())),
    test: () =>
      sending.send(async () => {
        sending.setTrial("running");
        sending.setTrial(await api("providers/test", { method: "POST", body: body() }));
      }),
  };
}

/**
 * Puts settings in place of those of the version that is known here.
 *
 * @param {Provider} provider
 * @param {Record<string, unknown>} settings
 * @returns {Promise<any>}
 */
export function putProvider({ name, version }, settings) {
  const headers = { "if-match": `"${version}"` };
  return api(`providers/${encodeURIComponent(name)}`, { method: "PUT", body: settings, headers });
}

/** What is being sent, and what came of it. */
function useSending() {
  const [problems, setProblems] = useState(/** @type {ReadonlyMap<string, string>} */ (new Map()));
  const [failure, setFailure] = useState(/** @type {string | undefined} */ (undefined));
  const [trial, setTrial] = useState(/** @type {import("./trial.js").Trial} */ (undefined));
  const [isBusy, setBusy] = useState(false);
  const clear = () => {
    setProblems(new Map());
    setFailure(undefined);
    setTrial(undefined);
  };
  /** @param {() => Promise<void>} work */
  async function send(work) {
    setBusy(true);
    clear();
    try {
      await work();
    } catch (error) {
      const { status, message, body } = /** @type {any} */ (error);
      // Of a form with mistakes nothing was tried.
      setTrial(undefined);
      setProblems(new Map((body?.errors ?? []).map((/** @type {any} */ problem) => [problem.path, problem.message])));
      setFailure(status === 412 ? "Somebody else changed it meanwhile: close this, and edit it anew" : message);
    } finally {
      setBusy(false);
    }
  }
  return { problems, failure, setFailure, trial, setTrial, isBusy, clear, send };
}

/**
 * The form of a type; when it is there, the values are those of the provider.
 *
 * @param {string} type
 * @param {{ provider: Provider | undefined, setValues: (values: Values) => void, fail: (message: string) => void }} options
 * @returns {Schema | undefined}
 */
function useSchema(type, { provider, setValues, fail }) {
  const [schema, setSchema] = useState(/** @type {Schema | undefined} */ (undefined));
  useEffect(() => {
    let isLate = false;
    setSchema(undefined);
    api(`provider-schema/${type}`).then((loaded) => {
      if (isLate) return;
      setSchema(provider === undefined ? loaded : withoutName(loaded));
      if (provider !== undefined) setValues(toValues(loaded, provider.settings));
    }, (error) => fail(error.message));
    return () => void (isLate = true);
  }, [type]);
  return schema;
}

/**
 * @param {Schema} schema
 * @param {ReadonlyMap<string, string>} problems
 */
function focusFirst(schema, problems) {
  if (problems.size === 0) return;
  const first = fieldsOf(schema).map(([path]) => path).find((path) => isAtOrBelow(path, problems));
  // Its fold opens first: what is hidden cannot be focused.
  requestAnimationFrame(() => document.getElementById(first === undefined ? "problems" : idOf(first))?.focus());
}

/**
 * What a vendor brings, in place of what another one brought; what was typed stays.
 *
 * @param {Values} values
 * @param {{ next: string, before: string, choices: Choices }} options
 * @returns {Values}
 */
function startingWith({ name = "", endpoint = "", ...rest }, { next, before, choices }) {
  const [vendor, last] = [vendorOf(next, choices), vendorOf(before, choices)];
  return {
    ...rest,
    name: name !== "" && name !== last?.name ? name : vendor?.name ?? "",
    endpoint: vendor?.endpoint ?? (endpoint === last?.endpoint ? "" : endpoint),
  };
}

/** @param {string} chosen @param {Choices} choices */
function typeOf(chosen, choices) {
  return vendorOf(chosen, choices)?.type ?? chosen.replace(/^type:/, "");
}

/** @param {string} chosen @param {Choices} choices */
function vendorOf(chosen, { vendors }) {
  return vendors.find(({ name }) => chosen === `vendor:${name}`);
}

/** A provider keeps its name: it is what its models go by. @param {Schema} schema */
function withoutName({ properties = {}, ...schema }) {
  const { name: _, ...rest } = properties;
  return { ...schema, properties: rest };
}
