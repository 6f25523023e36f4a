/** The environment of our own: a virtual environment made from the wheel this extension carries. */
import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../process.ts";
import type { Progress } from "../progress.ts";
import { describeEnding } from "../server/ending.ts";
import { countRequirements, stepOf } from "./pip.ts";

const LOCK = "requirements.lock";
const READY = "ready.json";
const PREFIX = "python-";
const DIGEST_LENGTH = 12;

export interface Carried {
  readonly wheel: string;
  readonly lock: string;
}

export interface Making {
  readonly basePython: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Making the environment failed; the message says why, for the user. */
export class EnvironmentError extends Error {}

export class ManagedEnvironment {
  readonly #storage: string;
  readonly #carried: Carried;
  readonly #name: string;

  private constructor(storage: string, carried: Carried, digest: string) {
    this.#storage = storage;
    this.#carried = carried;
    this.#name = PREFIX + digest;
  }

  /** `storage` is a folder of ours; `bundle` holds the wheel and the lock of its dependencies. */
  static async open(storage: string, bundle: string): Promise<ManagedEnvironment> {
    const wheel = (await readdir(bundle)).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) {
      throw new EnvironmentError("This build of the extension carries no server.");
    }
    const carried = { wheel: join(bundle, wheel), lock: join(bundle, LOCK) };
    const digest = createHash("sha256");
    for (const file of [carried.wheel, carried.lock]) {
      digest.update(await readFile(file));
    }
    return new ManagedEnvironment(storage, carried, digest.digest("hex").slice(0, DIGEST_LENGTH));
  }

  /** The Python of the environment that fits this extension; undefined when it is not there. */
  async python(): Promise<string | undefined> {
    return (await exists(join(this.#folder, READY))) ? this.#python : undefined;
  }

  /** Tells whether one was made for an earlier version: then the user agreed to have one. */
  async hasOlder(): Promise<boolean> {
    return (await this.#others()).length > 0;
  }

  /**
   * Makes the environment and removes those of other versions. Rejects with EnvironmentError; what
   * was made so far is then removed.
   */
  async make(making: Making): Promise<string> {
    await rm(this.#folder, { recursive: true, force: true });
    await mkdir(this.#storage, { recursive: true });
    try {
      await this.#fill(making);
    } catch (error) {
      await rm(this.#folder, { recursive: true, force: true });
      throw error;
    }
    for (const other of await this.#others()) {
      await rm(join(this.#storage, other), { recursive: true, force: true });
    }
    return this.#python;
  }

  get #folder(): string {
    return join(this.#storage, this.#name);
  }

  get #python(): string {
    return process.platform === "win32"
      ? join(this.#folder, "Scripts", "python.exe")
      : join(this.#folder, "bin", "python");
  }

  async #others(): Promise<readonly string[]> {
    const names = (await exists(this.#storage)) ? await readdir(this.#storage) : [];
    return names.filter((name) => name.startsWith(PREFIX) && name !== this.#name);
  }

  async #fill(making: Making): Promise<void> {
    const { basePython, onProgress } = making;
    onProgress({ fraction: 0, sentence: "Making a Python environment" });
    await this.#step(making, basePython, ["-m", "venv", this.#folder]);
    const pip = ["-m", "pip", "--disable-pip-version-check", "--no-input", "install"];
    const total = countRequirements(await readFile(this.#carried.lock, "utf8"));
    let collected = 0;
    const locked = [...pip, "--require-hashes", "--only-binary", ":all:", "-r", this.#carried.lock];
    await this.#step(making, this.#python, locked, (line) => {
      const step = stepOf(line);
      if (step !== undefined) {
        collected += step.collected ? 1 : 0;
        onProgress({ fraction: Math.min(0.95, collected / (total + 1)), sentence: step.sentence });
      }
    });
    onProgress({ fraction: 0.95, sentence: "Installing ProCoder" });
    await this.#step(making, this.#python, [...pip, "--no-deps", this.#carried.wheel]);
    await writeFile(join(this.#folder, READY), JSON.stringify({ wheel: this.#carried.wheel }));
  }

  async #step(
    { signal }: Making,
    command: string,
    args: readonly string[],
    onLine?: (line: string) => void,
  ): Promise<void> {
    const ended = await run({
      command,
      args,
      cwd: this.#storage,
      signal,
      ...(onLine && { onLine }),
    });
    if (ended.failure !== undefined || ended.code !== 0) {
      throw new EnvironmentError(ended.failure ?? describeEnding(ended));
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
