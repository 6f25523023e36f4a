import { type ChildProcess, spawn } from "node:child_process";
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

/** One run of the server; when it ends by itself, `onEnd` is told why, once. */
export function createClient(
  launch: Launch,
  log: vscode.LogOutputChannel,
  onEnd: (reason: string) => void,
): LanguageClient {
  let ended = "the connection was lost";
  const start = async (): Promise<ChildProcess> => {
    const { child, whenEnded } = spawnServer(launch);
    void whenEnded.then((reason) => {
      ended = reason;
    });
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
      closed: async () => {
        onEnd(ended);
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
  };
  return new ProcoderClient("procoder", "ProCoder", start, options);
}

interface Spawned {
  readonly child: ChildProcess;
  readonly whenEnded: Promise<string>;
}

function spawnServer({ python, cwd }: Launch): Spawned {
  const child = spawn(python, ["-P", "-m", "procoder_cli", "lsp"], { cwd, windowsHide: true });
  const tail = new Tail();
  child.stderr.setEncoding("utf8").on("data", (piece: string) => tail.add(piece));
  const whenEnded = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) =>
      resolve(describeEnding({ code, signal, lastLines: tail.lines() })),
    );
  });
  return { child, whenEnded };
}
