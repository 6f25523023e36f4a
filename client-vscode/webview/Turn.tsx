import { useState } from "preact/hooks";
import type { Turn as State } from "../src/panel/state.ts";
import { Answer } from "./Answer.tsx";
import { send } from "./bridge.ts";

interface Properties {
  readonly turn: State;
  readonly first: boolean;
  readonly last: boolean;
}

/** A question and its answer. */
export function Turn({ turn, first, last }: Properties) {
  const [editing, setEditing] = useState(false);
  const { id, answer, label, question } = turn;
  return (
    <article class="turn" aria-label={label || question}>
      {editing ? (
        <Editor
          question={question}
          onClose={() => setEditing(false)}
          onSend={(text) => send({ kind: "edit", id, text })}
        />
      ) : (
        <header class="question">
          <h2>{label || question}</h2>
          {answer.phase !== "asking" && (
            <button type="button" class="quiet" onClick={() => setEditing(true)}>
              Edit
            </button>
          )}
        </header>
      )}
      <Answer id={id} answer={answer} first={first} last={last} />
    </article>
  );
}

interface EditorProperties {
  readonly question: string;
  readonly onClose: () => void;
  readonly onSend: (text: string) => void;
}

function Editor({ question, onClose, onSend }: EditorProperties) {
  const [text, setText] = useState(question);
  const submit = (): void => {
    if (text.trim() !== "") {
      onSend(text);
      onClose();
    }
  };
  return (
    <form
      class="question editing"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        aria-label="The question"
        ref={(element) => element?.focus()}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            onClose();
          } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            submit();
          }
        }}
      />
      <div class="next">
        <button type="submit" class="primary">
          Send
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
