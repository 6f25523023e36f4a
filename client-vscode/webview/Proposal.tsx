import type { Proposal as State } from "../src/panel/state.ts";
import { send } from "./bridge.ts";
import { Code } from "./CodeBlock.tsx";
import { Sentence } from "./Prose.tsx";

/** An edit as a difference, with what applies it; or why there is none. */
export function Proposal({ id, proposal }: { readonly id: number; readonly proposal: State }) {
  const { title, difference, notes, reason } = proposal;
  if (reason !== "") {
    return <p class="note">{reason}</p>;
  }
  return (
    <figure class="code proposal">
      <h3>{title}</h3>
      <Code code={difference} language="diff" />
      {notes.map((note) => (
        <p key={note} class="note">
          <Sentence id={id} markdown={note} />
        </p>
      ))}
      <figcaption>
        <button type="button" class="primary" onClick={() => send({ kind: "apply", id })}>
          Apply
        </button>
      </figcaption>
    </figure>
  );
}
