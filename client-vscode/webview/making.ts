/** Says how an answer was made. */
import type { Answer } from "../src/panel/state.ts";

/** Says which model, how many tokens and how fast, as far as it is known; empty without a model. */
export function describeMaking(
  answer: Pick<Answer, "model" | "cached" | "usage" | "milliseconds">,
) {
  const { cached, milliseconds, model, usage } = answer;
  if (model === "") {
    return "";
  }
  if (cached) {
    return `${model} · kept from before`;
  }
  const written = usage?.completion_tokens ?? 0;
  if (written === 0 || !milliseconds) {
    return model;
  }
  const seconds = milliseconds / 1000;
  const pace = Math.round(written / seconds);
  return `${model} · ${written} tokens in ${seconds.toFixed(1)} s (${pace}/s)`;
}
