import type { Context } from "../src/panel/state.ts";
import { send } from "./bridge.ts";

const LEVELS = ["beginner", "intermediate", "expert"] as const;
const LANGUAGES = ["en", "de", "es", "fr", "it", "ja", "ko", "pt-BR", "ru", "zh"] as const;
const OTHER = "";

/** Whom answers are for, their language, and the model. */
export function Pickers({ context }: { readonly context: Context }) {
  const { language, level, model } = context;
  const languages = new Set([...LANGUAGES, ...(language === "" ? [] : [language])]);
  return (
    <div class="pickers">
      <select
        aria-label="Level"
        value={level}
        onChange={({ currentTarget }) => send({ kind: "level", level: currentTarget.value })}
      >
        {LEVELS.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label="Language"
        value={language}
        onChange={({ currentTarget }) => {
          send({ kind: "language", language: currentTarget.value });
          currentTarget.value = language;
        }}
      >
        {[...languages].map((code) => (
          <option key={code} value={code}>
            {nameOf(code)}
          </option>
        ))}
        <option value={OTHER}>Other…</option>
      </select>
      {model !== "" && (
        <button
          type="button"
          class="quiet"
          title="Choose a model"
          onClick={() => send({ kind: "chooseModel" })}
        >
          {model}
        </button>
      )}
    </div>
  );
}

/** The name of a language in itself; the code where it has none. */
function nameOf(code: string): string {
  try {
    return new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  } catch (error) {
    if (error instanceof RangeError) {
      return code; // no code of a language
    }
    throw error;
  }
}
