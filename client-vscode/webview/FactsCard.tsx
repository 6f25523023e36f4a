import type { Facts } from "../src/panel/answers.ts";
import { Code } from "./CodeBlock.tsx";
import { type Item, rows } from "./facts.ts";
import { link } from "./markdown.ts";
import { Lines, Sentence } from "./Prose.tsx";

interface Properties {
  readonly id: number;
  readonly facts: Facts;
  readonly open: boolean;
}

/** What was computed from the code. */
export function FactsCard({ id, facts, open }: Properties) {
  return (
    <details class="facts" open={open}>
      <summary>
        Facts about <code>{facts.name}</code>
      </summary>
      <Code code={facts.signature} language="python" />
      <dl>
        {rows(facts).map(({ label, items }) => (
          <div key={label} class={label === "Careful" ? "careful" : ""}>
            <dt>{label}</dt>
            <dd>
              <ul>
                {items.map((item) => (
                  <li key={`${item.text} ${item.line}`}>
                    <Fact id={id} item={item} />
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** What the code does, from its syntax: in place of prose where none held. */
export function Steps({ id, facts }: Omit<Properties, "open">) {
  return (
    <ol class="steps">
      {facts.steps.map(({ line, depth, text }) => (
        <li key={`${line} ${text}`} class={`depth-${Math.min(depth, 4)}`}>
          <Sentence id={id} markdown={text} />{" "}
          <Lines id={id} first={line} last={line} text={`line ${line}`} />
        </li>
      ))}
    </ol>
  );
}

function Fact({ id, item }: { readonly id: number; readonly item: Item }) {
  const { text, code, detail, line, url } = item;
  const name = code ? <code>{text}</code> : <Sentence id={id} markdown={text} />;
  return (
    <>
      {url === null ? name : link(url, name)}
      {detail !== "" && (
        <>
          {" "}
          <Sentence id={id} markdown={detail} />
        </>
      )}
      {line !== null && (
        <>
          {" "}
          <Lines id={id} first={line} last={line} text={`line ${line}`} />
        </>
      )}
    </>
  );
}
