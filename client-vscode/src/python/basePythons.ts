/** The Pythons of the machine that an environment can be made with. */
import type { FullProbe } from "./probe.ts";

const OLDEST = 11;
const NEWEST = 14;
const NAMES = [
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.14",
  "python3",
  "python",
] as const;
const WINDOWS_NAMES = ["python", "python3"] as const;

/** Lists commands to try, the best first; `selected` is the Python extension's, if trusted. */
export function baseCommands(platform: string, selected: string | undefined): readonly string[] {
  const names = platform === "win32" ? WINDOWS_NAMES : NAMES;
  return selected === undefined ? names : [...names, selected];
}

/** Says why an environment cannot be made with a Python; undefined when it can. */
export function unfitAsBase(probe: FullProbe): string | undefined {
  if (probe.kind === "unusable") {
    return probe.reason;
  }
  const [major, minor] = probe.version;
  if (major !== 3 || minor < OLDEST || minor > NEWEST) {
    return `it is Python ${major}.${minor}`;
  }
  return probe.makesEnvironments === true ? undefined : "its venv module is not installed";
}

/** Returns the first command an environment can be made with, or what is wrong with each. */
export async function findBase(
  commands: readonly string[],
  probe: (command: string) => Promise<FullProbe>,
): Promise<{ readonly python: string } | { readonly notes: readonly string[] }> {
  const notes: string[] = [];
  for (const command of commands) {
    const reason = unfitAsBase(await probe(command));
    if (reason === undefined) {
      return { python: command };
    }
    notes.push(`${command}: ${reason}`);
  }
  return { notes };
}

/** What to do where no Python serves. */
export const NO_BASE =
  `No Python 3.${OLDEST} to 3.${NEWEST} with the venv module was found. Install one from ` +
  "python.org (on Debian or Ubuntu: apt install python3-venv), then choose “ProCoder: Set Up”.";
