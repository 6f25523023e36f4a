/** Facts as the rows of a card: what stands in each, and which line shows it. */
import type { Facts } from "../src/panel/answers.ts";

export interface Row {
  readonly label: string;
  readonly items: readonly Item[];
}

export interface Item {
  /** Code, or else Markdown. */
  readonly text: string;
  readonly code: boolean;
  /** What is said of it, as Markdown. */
  readonly detail: string;
  /** Begins at 1; null where no line shows it. */
  readonly line: number | null;
  /** Of its documentation. */
  readonly url: string | null;
}

const MOST_ITEMS = 8;
const OUTCOMES: Readonly<Record<string, string>> = { handled: "" };

/** Returns the rows that have something to say, the most telling first. */
export function rows(facts: Facts): readonly Row[] {
  const all: readonly Row[] = [
    row("Careful", facts.traps, ({ message, line }) => words(message, line)),
    row("Returns", unsaid(facts), (type) => code(type)),
    row("Raises", facts.raises, ({ exception, condition, line }) =>
      code(exception, line, condition === null ? "" : `if \`${condition}\``),
    ),
    row("Catches", facts.catches, ({ exception, outcome, line }) =>
      code(exception || "everything", line, OUTCOMES[outcome] ?? outcome),
    ),
    row("Changes", facts.mutates, ({ name, how, line }) => code(name, line, how)),
    row("Touches", facts.touches, ({ name, kind, line }) => code(name, line, kind)),
    row("Calls", facts.calls, ({ name, line, url }) => code(name, line, "", url)),
    row("Called by", facts.callers, ({ name, line }) => code(name, line)),
    row("Work", facts.growth === null ? [] : [facts.growth], ({ order, reason }) =>
      code(order, null, reason),
    ),
    row("Uses", facts.concepts, ({ title, line, url }) => ({ ...words(title, line), url })),
  ];
  return all.filter(({ items }) => items.length > 0);
}

function row<Fact>(label: string, facts: readonly Fact[], item: (fact: Fact) => Item): Row {
  return { label, items: facts.slice(0, MOST_ITEMS).map(item) };
}

/** The type of what is returned, where the signature does not say it. */
function unsaid({ return_type: type, signature }: Facts): readonly string[] {
  return type === null || signature.includes(type) ? [] : [type];
}

function words(text: string, line: number | null): Item {
  return { text, code: false, detail: "", line, url: null };
}

function code(
  text: string,
  line: number | null = null,
  detail = "",
  url: string | null = null,
): Item {
  return { text, code: true, detail, line, url };
}
