import type { Answer as State } from "../src/panel/state.ts";
import { describeStage } from "../src/server/parts.ts";
import { send } from "./bridge.ts";
import { FactsCard, Steps } from "./FactsCard.tsx";
import { Footer } from "./Footer.tsx";
import { Ladder } from "./Ladder.tsx";
import { Proposal } from "./Proposal.tsx";
import { Lines, Prose, Sentence } from "./Prose.tsx";

interface Properties {
  readonly id: number;
  readonly answer: State;
  /** Of the conversation: its facts are open, those after it folded. */
  readonly first: boolean;
  readonly last: boolean;
}

/** What the tutor says, as far as it has been said. */
export function Answer({ id, answer, first, last }: Properties) {
  const { facts, hint, notes, phase } = answer;
  return (
    <div class="answer" aria-busy={phase === "asking"}>
      {answer.stale && <p class="note">The code has changed since.</p>}
      {facts !== null && <FactsCard id={id} facts={facts} open={first} />}
      {notes.map((note) => (
        <p key={note} class="note">
          <Sentence id={id} markdown={note} />
        </p>
      ))}
      <Said id={id} answer={answer} />
      {hint !== null && <Ladder id={id} hint={hint} last={last} />}
      {phase === "asking" ? <Progress answer={answer} /> : <Footer id={id} answer={answer} />}
    </div>
  );
}

/** The answer itself; where no prose held, the steps of the code stand in its place. */
function Said({ id, answer }: Pick<Properties, "id" | "answer">) {
  const { facts, markdown, message, phase, proposal } = answer;
  const isBare = phase === "done" && markdown === "" && proposal === null;
  return (
    <>
      {markdown !== "" && <Prose id={id} markdown={markdown} />}
      {isBare && facts !== null && <Steps id={id} facts={facts} />}
      <Blocks id={id} answer={answer} />
      {proposal !== null && <Proposal id={id} proposal={proposal} />}
      {phase === "failed" && <p class="error">{message}</p>}
      {phase === "stopped" && <p class="note">Stopped.</p>}
    </>
  );
}

function Blocks({ id, answer }: Pick<Properties, "id" | "answer">) {
  if (answer.blocks.length === 0) {
    return null;
  }
  return (
    <ul class="blocks">
      {answer.blocks.map(({ line, end_line: end, text }) => (
        <li key={line}>
          <Lines
            id={id}
            first={line}
            last={end}
            text={line === end ? `line ${line}` : `lines ${line}-${end}`}
          />
          <Sentence id={id} markdown={text} />
        </li>
      ))}
    </ul>
  );
}

/** What is happening, in words, and the way to end it. */
function Progress({ answer }: { readonly answer: State }) {
  const { stage } = answer;
  return (
    <p class="progress">
      <span>{stage === null ? "Reading the code" : describeStage(stage)}</span>
      <button type="button" class="quiet" onClick={() => send({ kind: "stop" })}>
        Stop
      </button>
    </p>
  );
}
