import { useRef, useState } from "preact/hooks";
import type { Completion } from "../src/panel/answers.ts";
import type { State } from "../src/panel/state.ts";
import { send } from "./bridge.ts";
import { Chips } from "./Chips.tsx";
import type { Completing } from "./completing.ts";
import { Offers, optionId } from "./Offers.tsx";
import { Pickers } from "./Pickers.tsx";

interface Properties {
  readonly state: State;
  /** What was typed before the webview was put away. */
  readonly initialDraft: string;
  readonly completing: Completing;
  readonly asking: boolean;
}

/** Where questions are typed, with what they would send. */
export function Composer({ state, initialDraft, completing, asking }: Properties) {
  const [draft, setDraft] = useState(initialDraft);
  const input = useRef<HTMLTextAreaElement>(null);
  const { context } = state;
  const { offered } = completing;

  const write = (text: string): void => {
    setDraft(text);
    send({ kind: "draft", text });
  };

  const submit = (): void => {
    if (draft.trim() !== "" && context.trouble === "") {
      send({ kind: "ask", text: draft });
      completing.close();
      write("");
    }
  };
  const accept = (item: Completion): void => {
    const before = completing.accept(item);
    write(before + draft.slice(input.current?.selectionStart ?? draft.length).trimStart());
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (offered !== undefined && navigate(event, completing, accept)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Chips state={state} draft={draft} onDraft={write} />
      {offered !== undefined && <Offers offered={offered} onTake={accept} />}
      <textarea
        id="question"
        ref={input}
        rows={2}
        aria-label="Your question"
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={offered && "offers"}
        aria-activedescendant={offered && optionId(offered.chosen)}
        placeholder="Ask about the code, or type / or @"
        value={draft}
        onInput={({ currentTarget }) => {
          write(currentTarget.value);
          completing.type(currentTarget.value.slice(0, currentTarget.selectionStart));
        }}
        onBlur={() => completing.close()}
        onKeyDown={onKeyDown}
      />
      <div class="bar">
        <Pickers context={context} />
        {asking ? (
          <button type="button" class="primary" onClick={() => send({ kind: "stop" })}>
            Stop
          </button>
        ) : (
          <button type="submit" class="primary" disabled={context.trouble !== ""}>
            Send
          </button>
        )}
      </div>
    </form>
  );
}

/** Moves in what is offered; tells whether the key was for that. */
function navigate(
  { key }: KeyboardEvent,
  completing: Completing,
  accept: (item: Completion) => void,
): boolean {
  const item = completing.offered?.items[completing.offered.chosen];
  switch (key) {
    case "ArrowDown":
      completing.move(1);
      return true;
    case "ArrowUp":
      completing.move(-1);
      return true;
    case "Escape":
      completing.close();
      return true;
    case "Enter":
    case "Tab":
      if (item !== undefined) {
        accept(item);
      }
      return true;
    default:
      return false;
  }
}
