/** Pieces of an answer, as `$/progress` brings them while a command runs; docs/lsp.md has them. */

export type Part = FactsPart | TextPart | BlockPart | StagePart;

export interface FactsPart {
  readonly kind: "facts";
  readonly facts: unknown;
}

export interface TextPart {
  readonly kind: "text";
  /** To be appended. */
  readonly text: string;
}

export interface BlockPart {
  readonly kind: "block";
  readonly line: number;
  readonly end_line: number;
  readonly text: string;
}

/** What the model does; several of the same stage follow each other. */
export interface StagePart {
  readonly kind: "stage";
  readonly stage: "loading" | "reading" | "writing";
  /** Of the prompt while it is read, else written so far. */
  readonly tokens: number;
  readonly tokens_per_second: number | null;
  readonly seconds_left: number | null;
}

/** Says what the model does, how fast and for how long yet, as far as that is known. */
export function describeStage(part: StagePart): string {
  const seconds =
    part.seconds_left === null ? undefined : Math.max(1, Math.ceil(part.seconds_left));
  switch (part.stage) {
    case "loading":
      return "Loading the model";
    case "reading":
      return `Reading about ${part.tokens} tokens${seconds === undefined ? "" : `, about ${seconds} s`}`;
    default: {
      const rate = part.tokens_per_second;
      const pace = rate === null ? "" : ` at ${Math.round(rate)} tokens/s`;
      return `Writing${pace}${seconds === undefined ? "" : `, at most ${seconds} s more`}`;
    }
  }
}
