/** Asks a Python what it is. */

import { run } from "../process.ts";
import { describeEnding } from "../server/ending.ts";
import type { Probe, Version } from "./interpreters.ts";

const PROBE_MS = 20_000;
const SCRIPT = `
import importlib.metadata, importlib.util, json, sys
try:
    procoder = importlib.metadata.version("procoder")
except importlib.metadata.PackageNotFoundError:
    procoder = None
makes = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
print(json.dumps({"version": sys.version_info[:2], "procoder": procoder, "makesEnvironments": makes}))
`;

export type FullProbe = Probe & { readonly makesEnvironments?: boolean };

/** Runs `path`, which must be trusted, in the neutral folder `cwd`. */
export async function probe(path: string, cwd: string): Promise<FullProbe> {
  const ended = await run({ command: path, args: ["-c", SCRIPT], cwd, timeoutMs: PROBE_MS });
  if (ended.failure !== undefined) {
    return { kind: "unusable", reason: `it cannot be run (${ended.failure})` };
  }
  if (ended.code !== 0) {
    return { kind: "unusable", reason: `it is no Python that works (${describeEnding(ended)})` };
  }
  return parseProbe(ended.stdout);
}

/** Reads what the script printed; a start-up hook of the Python may have printed before it. */
export function parseProbe(stdout: string): FullProbe {
  const last = stdout.trim().split("\n").at(-1) ?? "";
  try {
    const said: unknown = JSON.parse(last);
    if (isSaid(said)) {
      return { kind: "python", ...said };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
  }
  return { kind: "unusable", reason: "it does not answer as a Python does" };
}

interface Said {
  readonly version: Version;
  readonly procoder: string | null;
  readonly makesEnvironments: boolean;
}

function isSaid(value: unknown): value is Said {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const said = value as Partial<Record<keyof Said, unknown>>;
  return (
    Array.isArray(said.version) &&
    said.version.length === 2 &&
    said.version.every((part) => Number.isInteger(part)) &&
    (said.procoder === null || typeof said.procoder === "string") &&
    typeof said.makesEnvironments === "boolean"
  );
}
