import type { Context } from "../src/panel/state.ts";
import { send } from "./bridge.ts";

const BEGINNINGS: readonly (readonly [title: string, text: string])[] = [
  ["Explain this", "/explain"],
  ["Go through it part by part", "/parts"],
  ["Give me a hint", "/hint"],
  ["Write tests", "/tests"],
];

/** What is there before anything was asked. */
export function Empty({ context }: { readonly context: Context }) {
  return (
    <section class="empty" aria-label="Begin">
      <h2>Ask about your code</h2>
      {context.file === "" ? (
        <p>Open a Python file, put the cursor on what you want to understand, and ask.</p>
      ) : (
        <>
          <p>
            Put the cursor on a function of <code>{context.file}</code>, or select some lines.
          </p>
          <ul>
            {BEGINNINGS.map(([title, text]) => (
              <li key={text}>
                <button
                  type="button"
                  disabled={context.trouble !== ""}
                  onClick={() => send({ kind: "ask", text })}
                >
                  {title}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="note">Facts come from the code; what the model says is checked against it.</p>
    </section>
  );
}
