import { useMemo } from "preact/hooks";
import { send } from "./bridge.ts";
import { highlight } from "./highlighting.ts";
import { Scrolled } from "./Scrolled.tsx";

interface Properties {
  /** Id of the turn that it belongs to. */
  readonly id: number;
  readonly code: string;
  readonly language: string;
}

/** Code with what can be done with it. */
export function CodeBlock({ id, code, language }: Properties) {
  return (
    <figure class="code">
      <Code code={code} language={language} />
      <figcaption>
        <button type="button" class="quiet" onClick={() => send({ kind: "copy", text: code })}>
          Copy
        </button>
        <button type="button" class="quiet" onClick={() => send({ kind: "insert", text: code })}>
          Insert at cursor
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => send({ kind: "replace", id, text: code })}
        >
          Compare and apply
        </button>
      </figcaption>
    </figure>
  );
}

/** Code in colours. */
export function Code({ code, language }: { readonly code: string; readonly language: string }) {
  const spans = useMemo(() => highlight(code, language), [code, language]);
  return (
    <Scrolled label="Code">
      <code>
        {spans.map(({ text, classes }) => (classes ? <span class={classes}>{text}</span> : text))}
      </code>
    </Scrolled>
  );
}
