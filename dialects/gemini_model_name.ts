/** How the Gemini API names a model in paths and bodies. */

/** Tuned models are named in full; all others stand below `models/`. */
export function geminiModelName(model: string): string {
  return /^(models|tunedModels)\//.test(model) ? model : `models/${model}`;
}
