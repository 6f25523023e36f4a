/** What a process left behind when it ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its standard error. */
  readonly lastLines: readonly string[];
}

const KEPT_LINES = 20;

/** Keeps the last lines of a stream that arrives in pieces. */
export class Tail {
  #lines: string[] = [];
  #open = "";

  add(piece: string): void {
    const lines = (this.#open + piece).split(/\r?\n/);
    this.#open = lines.pop() ?? "";
    this.#lines = [...this.#lines, ...lines].slice(-KEPT_LINES);
  }

  lines(): readonly string[] {
    return this.#open === "" ? this.#lines : [...this.#lines, this.#open];
  }
}

/** Says in a few words why a process ended; Python's last line names the exception. */
export function describeEnding(ending: Ending): string {
  const last = ending.lastLines
    .filter((line) => line.trim() !== "")
    .at(-1)
    ?.trim();
  const how = ending.signal === null ? `exit code ${ending.code ?? "unknown"}` : ending.signal;
  return last === undefined ? how : `${how}: ${last}`;
}
