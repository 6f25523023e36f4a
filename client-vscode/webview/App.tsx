import { useEffect, useRef } from "preact/hooks";
import { asking, type State } from "../src/panel/state.ts";
import { describeStage } from "../src/server/parts.ts";
import { send } from "./bridge.ts";
import { Composer } from "./Composer.tsx";
import type { Completing } from "./completing.ts";
import { Empty } from "./Empty.tsx";
import { History } from "./History.tsx";
import { Turn } from "./Turn.tsx";

interface Properties {
  readonly state: State;
  readonly initialDraft: string;
  readonly completing: Completing;
}

/** The whole panel. */
export function App({ state, initialDraft, completing }: Properties) {
  const { history } = state;
  return (
    <>
      {history === null ? <Conversation state={state} /> : <History history={history} />}
      <p class="spoken" role="status">
        {spoken(state)}
      </p>
      <Trouble state={state} />
      <Composer
        state={state}
        initialDraft={initialDraft}
        completing={completing}
        asking={asking(state) !== undefined}
      />
    </>
  );
}

/** All turns; the last question is scrolled to the top, so that its answer is read as it grows. */
function Conversation({ state }: { readonly state: State }) {
  const { context, turns } = state;
  const talk = useRef<HTMLElement>(null);
  const last = turns.at(-1)?.id;
  useEffect(() => talk.current?.lastElementChild?.scrollIntoView(), [last]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus
    <section ref={talk} class="talk" aria-label="Conversation" tabIndex={0}>
      {turns.length === 0 && <Empty context={context} />}
      {turns.map((turn, index) => (
        <Turn key={turn.id} turn={turn} first={index === 0} last={turn.id === last} />
      ))}
    </section>
  );
}

/** Why nothing can be asked, and what helps. */
function Trouble({ state }: { readonly state: State }) {
  const { remedy, trouble } = state.context;
  if (trouble === "") {
    return null;
  }
  return (
    <p class="trouble" role="alert">
      {trouble}{" "}
      {remedy !== "" && (
        <button type="button" class="primary" onClick={() => send({ kind: "mend" })}>
          {remedy}
        </button>
      )}
    </p>
  );
}

/** What a screen reader says: what is happening, then that the answer is there; not every word. */
function spoken(state: State): string {
  const answer = state.turns.at(-1)?.answer;
  switch (answer?.phase) {
    case "asking":
      return answer.stage === null
        ? "Reading the code"
        : describeStage({ ...answer.stage, seconds_left: null, tokens_per_second: null });
    case "done":
      return `The answer is there. ${answer.badge}`;
    case "failed":
      return answer.message;
    case "stopped":
      return "Stopped.";
    default:
      return "";
  }
}
