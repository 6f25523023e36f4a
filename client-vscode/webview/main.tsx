/** The chat panel, inside its webview. */
import { render } from "preact";
import { INITIAL, reduce, type State } from "../src/panel/state.ts";
import { App } from "./App.tsx";
import { listen, send } from "./bridge.ts";
import { Completing } from "./completing.ts";

const root = document.getElementById("panel") as HTMLElement;
const completing = new Completing((text) => send({ kind: "complete", text }), draw);
let state: State = INITIAL;
let draft: string | undefined; // unknown until the extension restores the state
let drawn = 0;

/** Draws at most once a frame: an answer comes in many small pieces. */
function draw(): void {
  if (drawn === 0) {
    drawn = requestAnimationFrame(() => {
      drawn = 0;
      if (draft !== undefined) {
        render(<App state={state} initialDraft={draft} completing={completing} />, root);
      }
    });
  }
}

listen((message) => {
  if (message.kind === "focus") {
    document.getElementById("question")?.focus();
  } else if (message.kind === "completions") {
    completing.take(message.text, message.completions);
  } else {
    if (message.kind === "restored") {
      draft = message.draft;
    }
    state = reduce(state, message);
    draw();
  }
});
send({ kind: "ready" });
