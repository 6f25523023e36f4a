import * as vscode from "vscode";
import { LSPErrorCodes, ResponseError } from "vscode-languageclient/node";
import { type Supervisor, UnavailableError } from "../server/supervisor.ts";

export type Handler = (argument: unknown) => Promise<unknown>;

const SET_UP = "Set Up";
const RESTART = "Restart";
const SHOW_LOG = "Show Log";

/** Registers commands; what goes wrong in one is told to the user here, and nowhere else. */
export function registerCommands(
  handlers: Readonly<Record<string, Handler>>,
  supervisor: Supervisor,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const registered = Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(name, async (argument: unknown) => {
      try {
        return await handler(argument);
      } catch (error) {
        void tell(error, supervisor, log);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

/** Tells an error, with what can be done about it. */
export async function tell(
  error: unknown,
  supervisor: Supervisor,
  log: vscode.LogOutputChannel,
): Promise<void> {
  if (isCancellation(error)) {
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  log.error(message);
  const actions = error instanceof UnavailableError ? remedies(supervisor) : [SHOW_LOG];
  const chosen = await vscode.window.showErrorMessage(`ProCoder: ${message}`, ...actions);
  await follow(chosen);
}

function remedies(supervisor: Supervisor): readonly string[] {
  return supervisor.state.kind === "missing" ? [SET_UP, SHOW_LOG] : [RESTART, SHOW_LOG];
}

async function follow(chosen: string | undefined): Promise<void> {
  const commands: Readonly<Record<string, string>> = {
    [SET_UP]: "procoder.setUp",
    [RESTART]: "procoder.restart",
    [SHOW_LOG]: "procoder.showLog",
  };
  const command = chosen === undefined ? undefined : commands[chosen];
  if (command !== undefined) {
    await vscode.commands.executeCommand(command);
  }
}

/** Tells whether a request ended because somebody stopped it: that is no news to them. */
export function isCancellation(error: unknown): boolean {
  const codes: readonly number[] = [
    LSPErrorCodes.RequestCancelled,
    LSPErrorCodes.ServerCancelled,
    LSPErrorCodes.ContentModified,
  ];
  return (
    error instanceof vscode.CancellationError ||
    (error instanceof ResponseError && codes.includes(error.code))
  );
}
