/** Decides which Python the server runs in; knows nothing of VS Code or processes. */

export type Origin = "setting" | "pythonExtension" | "managed";

export interface Candidate {
  readonly origin: Origin;
  readonly path: string;
}

/** What a Python said about itself. */
export type Probe =
  | { readonly kind: "python"; readonly version: Version; readonly procoder: string | null }
  | { readonly kind: "unusable"; readonly reason: string };

export type Version = readonly [major: number, minor: number];

export interface Known {
  /** The setting `procoder.server.interpreter`; empty when it is not set. */
  readonly setting: string;
  /** What the Python extension has selected, if it is installed. */
  readonly pythonExtension: string | undefined;
  /** The Python of our own environment, if that is there and made from the wheel we carry. */
  readonly managed: string | undefined;
  readonly trusted: boolean;
}

export type Choice =
  | { readonly kind: "found"; readonly candidate: Candidate }
  | { readonly kind: "wrongSetting"; readonly reason: string }
  | { readonly kind: "none"; readonly notes: readonly string[] };

/**
 * Lists the Pythons to try, the best first. The setting stands alone: who names a Python wants that
 * one. What the Python extension has selected may lie in the folder, so it is run only if the folder
 * is trusted.
 */
export function candidates(known: Known): readonly Candidate[] {
  if (known.setting !== "") {
    return [{ origin: "setting", path: known.setting }];
  }
  const listed: Candidate[] = [];
  if (known.pythonExtension !== undefined && known.trusted) {
    listed.push({ origin: "pythonExtension", path: known.pythonExtension });
  }
  if (known.managed !== undefined) {
    listed.push({ origin: "managed", path: known.managed });
  }
  return listed;
}

/** Chooses the first candidate whose ProCoder fits `wanted`, the version of this extension. */
export async function choose(
  listed: readonly Candidate[],
  probe: (path: string) => Promise<Probe>,
  wanted: string,
): Promise<Choice> {
  const notes: string[] = [];
  for (const candidate of listed) {
    const reason = unfit(await probe(candidate.path), wanted);
    if (reason === undefined) {
      return { kind: "found", candidate };
    }
    if (candidate.origin === "setting") {
      return { kind: "wrongSetting", reason: wrongSetting(candidate.path, reason) };
    }
    notes.push(`${candidate.path}: ${reason}`);
  }
  return { kind: "none", notes };
}

/** Tells whether client and server speak alike: the first two numbers of their versions agree. */
export function fits(server: string, client: string): boolean {
  const [one, other] = [server, client].map((version) => version.split(".").slice(0, 2).join("."));
  return one === other;
}

function unfit(probe: Probe, wanted: string): string | undefined {
  if (probe.kind === "unusable") {
    return probe.reason;
  }
  if (probe.procoder === null) {
    return "it has no ProCoder installed";
  }
  return fits(probe.procoder, wanted)
    ? undefined
    : `it has ProCoder ${probe.procoder}, which does not fit version ${wanted} of the extension`;
}

function wrongSetting(path: string, reason: string): string {
  return (
    `“${path}”, set as procoder.server.interpreter, cannot run it: ${reason}. ` +
    "Install procoder there, or empty the setting."
  );
}
