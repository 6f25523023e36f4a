/** Reads what pip prints. */

export interface Step {
  readonly sentence: string;
  /** Whether one more requirement was found. */
  readonly collected: boolean;
}

const NAME = /^([A-Za-z0-9][A-Za-z0-9._-]*)/;

/** Says what a line of pip's means for someone who waits; undefined for one that says little. */
export function stepOf(line: string): Step | undefined {
  const [verb = "", ...rest] = line.trim().split(/\s+/);
  if (verb === "Collecting") {
    const name = NAME.exec(rest.join(" "))?.[1] ?? "a package";
    return { sentence: `Fetching ${name}`, collected: true };
  }
  if (line.startsWith("Installing collected packages")) {
    return { sentence: "Installing the packages", collected: false };
  }
  return undefined;
}

/** Counts the packages of a lock file, one `name==version` each. */
export function countRequirements(lock: string): number {
  return lock.split("\n").filter((line) => /^[A-Za-z0-9].*==/.test(line)).length;
}
