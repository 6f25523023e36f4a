import type { CheckReport } from "../src/panel/answers.ts";
import type { Answer } from "../src/panel/state.ts";
import { send } from "./bridge.ts";
import { describeMaking } from "./making.ts";
import { Scrolled } from "./Scrolled.tsx";

interface Properties {
  readonly id: number;
  readonly answer: Answer;
}

/** How an answer came to be, whether it held, and what can be asked next. */
export function Footer({ id, answer }: Properties) {
  const { hint, phase, steps } = answer;
  const isDone = phase === "done";
  const making = describeMaking(answer);
  return (
    <footer>
      {answer.badge !== "" && <Badge badge={answer.badge} checks={answer.checks} />}
      {making !== "" && <p class="making">{making}</p>}
      {answer.sent.length > 0 && <Sent sent={answer.sent} />}
      <div class="next">
        {hint === null &&
          steps.map((title, index) => (
            <button key={title} type="button" onClick={() => send({ kind: "step", id, index })}>
              {title}
            </button>
          ))}
        {(answer.repeatable || !isDone) && (
          <button type="button" class="quiet" onClick={() => send({ kind: "again", id })}>
            {isDone ? "Ask again" : "Try again"}
          </button>
        )}
      </div>
    </footer>
  );
}

function Badge({ badge, checks }: { readonly badge: string; readonly checks: CheckReport | null }) {
  const dropped = checks?.dropped ?? [];
  const unknown = checks?.unknown_names ?? [];
  if (checks === null || dropped.length + unknown.length === 0) {
    return <p class="badge">{badge}</p>;
  }
  return (
    <details class="badge">
      <summary>{badge}</summary>
      {dropped.length > 0 && (
        <>
          <p>Left out, since the code says otherwise:</p>
          <ul>
            {dropped.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
      {unknown.length > 0 && <p>Not found in the code: {unknown.join(", ")}.</p>}
    </details>
  );
}

function Sent({ sent }: { readonly sent: readonly string[] }) {
  return (
    <details class="sent">
      <summary>What was sent</summary>
      {sent.map((prompt) => (
        <Scrolled key={prompt} label="A prompt">
          {prompt}
        </Scrolled>
      ))}
    </details>
  );
}
