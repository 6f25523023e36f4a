import type { Hint } from "../src/panel/state.ts";
import { send } from "./bridge.ts";

/** Rungs of the ladder, as the server names them, and what each gives away. */
const RUNGS: readonly (readonly [rung: string, title: string])[] = [
  ["question", "Question"],
  ["region", "Where"],
  ["concept", "Concept"],
  ["pattern", "Example"],
  ["solution", "Solution"],
];

interface Properties {
  readonly id: number;
  readonly hint: Hint;
  /** Only from the last hint there is a way on. */
  readonly last: boolean;
}

/** How much was given away, and the next hint as the button that is enabled. */
export function Ladder({ id, hint, last }: Properties) {
  return (
    <ol class="ladder" aria-label="Hints">
      {RUNGS.map(([rung, title]) => (
        <li key={rung} aria-current={rung === hint.rung ? "step" : undefined}>
          <button
            type="button"
            disabled={!last || rung !== hint.more}
            onClick={() => send({ kind: "step", id, index: 0 })}
          >
            {title}
          </button>
        </li>
      ))}
    </ol>
  );
}
