import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { Backoff } from "./backoff.ts";
import { createRun, type Launch, type Run } from "./client.ts";
import { execute, type Listener } from "./requests.ts";
import { type Missing, type ServerState, whyUnavailable } from "./state.ts";

/** There is no server to ask; the message is for the user. */
export class UnavailableError extends Error {}

/** What the Python to run was found to be: something to start, or why there is none. */
export type Found = Launch | Missing;

/** Keeps one server running: starts it, starts it again after it ended, and gives up in the end. */
export class Supervisor implements vscode.Disposable {
  readonly #find: () => Promise<Found>;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<ServerState>();
  readonly #backoff = new Backoff();
  #state: ServerState = { kind: "stopped" };
  #run: Run | undefined;
  /** A run that ended by itself, until it is known why. */
  #ending: Run | undefined;
  #starting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeState = this.#changed.event;

  constructor(find: () => Promise<Found>, log: vscode.LogOutputChannel) {
    this.#find = find;
    this.#log = log;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** The client of the running server; waits for one that is starting. */
  async client(): Promise<LanguageClient> {
    return (await this.#running()).client;
  }

  /** Runs a command of the server; rejects with UnavailableError or the server's ResponseError. */
  async execute<Result>(command: string, argument?: object, listener?: Listener): Promise<Result> {
    return execute<Result>(await this.client(), command, argument, listener);
  }

  /** Stops the server, if there is one, and starts it anew. */
  async restart(): Promise<void> {
    this.#backoff.reset();
    await this.stop();
    await this.#start();
  }

  /** Stops the server and leaves it so. Resolves when the process was told to go. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#starting;
    const run = this.#run;
    this.#run = undefined;
    this.#ending = undefined;
    this.#become({ kind: "stopped" });
    if (run !== undefined) {
      await this.#end(run.client);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }

  async #running(): Promise<Run> {
    await this.#starting;
    if (this.#run === undefined || this.#state.kind !== "running") {
      throw new UnavailableError(whyUnavailable(this.#state));
    }
    return this.#run;
  }

  #start(): Promise<void> {
    this.#starting ??= this.#findAndRun().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #findAndRun(): Promise<void> {
    this.#become({ kind: "starting" });
    try {
      const found = await this.#find();
      if ("kind" in found) {
        this.#become(found);
      } else {
        await this.#launch(found);
      }
    } catch (error) {
      this.#log.error(`No Python could be looked for: ${String(error)}`);
      this.#become({ kind: "failed", reason: String(error) });
    }
  }

  async #launch(launch: Launch): Promise<void> {
    this.#log.info(`Starting ${launch.python} -m procoder_cli lsp`);
    const run = createRun(launch, this.#log, () => void this.#closed(run));
    this.#run = run;
    try {
      await run.client.start();
      if (this.#run === run) {
        this.#become({ kind: "running" });
      }
    } catch (error) {
      this.#log.error(`The server did not start: ${String(error)}`);
      await this.#closed(run);
    }
  }

  /** Takes note of an end that nobody asked for; of each run's first sign only. */
  async #closed(run: Run): Promise<void> {
    if (this.#run !== run) {
      return;
    }
    this.#run = undefined;
    this.#ending = run;
    const why = await run.reason();
    if (this.#ending === run) {
      this.#ending = undefined;
      this.#startLater(why);
    }
  }

  #startLater(why: string): void {
    this.#log.error(`The server ended: ${why}`);
    const seconds = this.#backoff.ended();
    if (seconds === undefined) {
      this.#become({ kind: "failed", reason: `it ended again and again, last with ${why}.` });
      return;
    }
    this.#become({ kind: "waiting", seconds, reason: why });
    this.#timer = setTimeout(() => void this.#start(), seconds * 1000);
  }

  async #end(client: LanguageClient): Promise<void> {
    try {
      await client.dispose();
    } catch (error) {
      this.#log.warn(`The server did not stop as asked: ${String(error)}`);
    }
  }

  #become(state: ServerState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}
