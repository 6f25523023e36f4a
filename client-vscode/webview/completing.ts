/** What is offered while a command or a mention is typed. */
import type { Completion, Completions } from "../src/panel/answers.ts";

/** Ends with what a command or a mention begins with. */
const BEGUN = /(^\s*\/[A-Za-z]*|(?<![\w@.])@[\w.:]*)$/;

export interface Offered {
  readonly items: readonly Completion[];
  /** Index of the item that Enter takes. */
  readonly chosen: number;
}

/** The text before the cursor, and what can take the place of its end. */
export class Completing {
  readonly #ask: (text: string) => void;
  readonly #changed: () => void;
  #text = "";
  #replaces = 0;
  #offered: Offered | undefined;

  constructor(ask: (text: string) => void, changed: () => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  /** Undefined while nothing is offered. */
  get offered(): Offered | undefined {
    return this.#offered;
  }

  /** Takes note of the text before the cursor; asks where something may follow. */
  type(text: string): void {
    this.#text = text;
    if (BEGUN.test(text)) {
      this.#ask(text);
    } else {
      this.close();
    }
  }

  /**
   * Takes what is offered for a text, unless another one stands there by now. A word that is complete
   * is offered nothing, so that Enter sends it.
   */
  take(text: string, { items, replaces }: Completions): void {
    if (text === this.#text) {
      const [first, second] = items;
      const isComplete = second === undefined && text.endsWith(first?.insert ?? "");
      this.#replaces = replaces;
      this.#offered = isComplete ? undefined : { items, chosen: 0 };
      this.#changed();
    }
  }

  /** Chooses the next item, or with -1 the one before. */
  move(step: 1 | -1): void {
    if (this.#offered !== undefined) {
      const { items, chosen } = this.#offered;
      this.#offered = { items, chosen: (chosen + step + items.length) % items.length };
      this.#changed();
    }
  }

  /** Returns the text before the cursor with an item in it. */
  accept(item: Completion): string {
    const kept = [...this.#text].slice(0, -this.#replaces || undefined).join("");
    this.close();
    return `${kept}${item.insert} `;
  }

  close(): void {
    this.#offered = undefined;
    this.#changed();
  }
}
