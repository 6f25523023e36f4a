import { useMemo } from "preact/hooks";
import { send } from "./bridge.ts";
import { CodeBlock } from "./CodeBlock.tsx";
import { type Parts, render, renderInline } from "./markdown.ts";

interface Properties {
  /** Id of the turn that it belongs to. */
  readonly id: number;
  readonly markdown: string;
}

/** Markdown whose code has buttons, and whose lines lead into the editor. */
export function Prose({ id, markdown }: Properties) {
  const rendered = useMemo(() => render(markdown, partsOf(id)), [id, markdown]);
  return <div class="prose">{rendered}</div>;
}

/** The same within a line. */
export function Sentence({ id, markdown }: Properties) {
  return useMemo(() => renderInline(markdown, partsOf(id)), [id, markdown]);
}

interface LinesProperties {
  readonly id: number;
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

/** Shows lines of the code when it is clicked. */
export function Lines({ id, first, last, text }: LinesProperties) {
  return (
    <button type="button" class="link" onClick={() => send({ kind: "reveal", id, first, last })}>
      {text}
    </button>
  );
}

function partsOf(id: number): Parts {
  return {
    code: (code, language) => <CodeBlock id={id} code={code} language={language} />,
    lines: (text, first, last) => <Lines id={id} first={first} last={last} text={text} />,
  };
}
