/** Fetches a model by the command line of the server, which tells its progress as JSON lines. */
import { run } from "../process.ts";
import type { Launch } from "../server/client.ts";
import { describeEnding } from "../server/ending.ts";

export interface PullProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
}

/** A model was not fetched; the message is for the user. */
export class PullError extends Error {}

/** Resolves when the model is there. An end by `signal` keeps what came; the next pull goes on. */
export async function pull(
  launch: Pick<Launch, "python" | "cwd">,
  model: string,
  signal: AbortSignal,
  onProgress: (progress: PullProgress) => void,
): Promise<void> {
  const ended = await run({
    command: launch.python,
    args: ["-P", "-m", "procoder_cli", "models", "pull", "--json", model],
    cwd: launch.cwd,
    signal,
    onLine: (line) => {
      const progress = parseProgress(line);
      if (progress !== undefined) {
        onProgress(progress);
      }
    },
  });
  if (ended.failure !== undefined || ended.code !== 0) {
    const said = ended.lastLines.at(-1)?.replace(/^procoder: /, "");
    throw new PullError(ended.failure ?? said ?? describeEnding(ended));
  }
}

/** Reads one line; undefined for what is no progress. */
export function parseProgress(line: string): PullProgress | undefined {
  if (!line.startsWith("{")) {
    return undefined;
  }
  const said = JSON.parse(line) as PullProgress;
  return typeof said.stage === "string" && typeof said.done === "number" ? said : undefined;
}

/** Says how far a download is, e.g. `downloading: 12 of 98 MB`. */
export function describeProgress({ stage, done, total }: PullProgress): string {
  const megabytes = (bytes: number): string => String(Math.round(bytes / 1_000_000));
  if (total === null) {
    return done === 0 ? stage : `${stage}: ${megabytes(done)} MB`;
  }
  return `${stage}: ${megabytes(done)} of ${megabytes(total)} MB`;
}
