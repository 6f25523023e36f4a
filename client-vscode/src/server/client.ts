import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { setTimeout as later } from "node:timers/promises";
import type * as vscode from "vscode";
import {
  CloseAction,
  type DynamicFeature,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type StaticFeature,
} from "vscode-languageclient/node";
import { HOVER_COMMANDS } from "../commands/names.ts";
import { answerConfiguration } from "./configuration.ts";
import { describeEnding, Tail } from "./ending.ts";

/** Documents in folders that are not on disk are explained too: what is open is sent along. */
const SCHEMES = ["file", "untitled", "vscode-vfs"] as const;

/** A process may take a moment to end after its pipes are closed. */
const ENDS_WITHIN_MS = 2000;
const LOST = "the connection to it was lost";

export interface Launch {
  /** A Python that has `procoder` installed, and that may be run. */
  readonly python: string;
  /** A folder of ours: in the user's, Python would import modules from it. */
  readonly cwd: string;
  /** Settings that are secret; they never stand in a settings file. */
  readonly secrets: object;
}

/**
 * A client whose commands are registered by this extension, so that they are there before the server
 * is, and can say why it is not.
 */
class ProcoderClient extends LanguageClient {
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    const method = "registrationType" in feature ? feature.registrationType.method : undefined;
    if (method !== ExecuteCommandRequest.method) {
      super.registerFeature(feature);
    }
  }
}

/** One run of the server. */
export interface Run {
  readonly client: LanguageClient;
  /** Resolves, once the connection is closed, with why the process ended. */
  readonly reason: () => Promise<string>;
}

/** Prepares a run; `onClose` is called when the connection closes, unless the client is stopped. */
export function createRun(launch: Launch, log: vscode.LogOutputChannel, onClose: () => void): Run {
  let whenEnded: Promise<string> | undefined;
  const start = async (): Promise<ChildProcess> => {
    const child = spawnServer(launch);
    whenEnded = ending(child);
    return child;
  };
  const options: LanguageClientOptions = {
    documentSelector: SCHEMES.map((scheme) => ({ scheme, language: "python" })),
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: { hover: { command_links: true }, ...launch.secrets },
    markdown: { isTrusted: { enabledCommands: [...HOVER_COMMANDS] }, supportHtml: false },
    middleware: { workspace: { configuration: answerConfiguration } },
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        onClose();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
  };
  const client = new ProcoderClient("procoder", "ProCoder", start, options);
  return {
    client,
    reason: () => Promise.race([whenEnded ?? LOST, later(ENDS_WITHIN_MS, LOST)]),
  };
}

function spawnServer({ python, cwd }: Launch): ChildProcessWithoutNullStreams {
  return spawn(python, ["-P", "-m", "procoder_cli", "lsp"], { cwd, windowsHide: true });
}

function ending(child: ChildProcessWithoutNullStreams): Promise<string> {
  const tail = new Tail();
  child.stderr.setEncoding("utf8").on("data", (piece: string) => tail.add(piece));
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) =>
      resolve(describeEnding({ code, signal, lastLines: tail.lines() })),
    );
  });
}
