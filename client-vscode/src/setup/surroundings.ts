import * as vscode from "vscode";
import { tell } from "../commands/registering.ts";
import { onDidSelectPython } from "../python/finding.ts";
import { whyUnavailable } from "../server/state.ts";
import { type Supervisor, UnavailableError } from "../server/supervisor.ts";
import type { SetUp } from "./setUp.ts";

const RUNNING = "procoder.running";
const INTERPRETER = "procoder.server.interpreter";

/** Looks for a Python anew when it may be another one, and offers help where there is none. */
export function followSurroundings(
  supervisor: Supervisor,
  setUp: SetUp,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const inform = (offer: Promise<void>): void => {
    offer.catch((error: unknown) => log.warn(`Nothing could be offered: ${String(error)}`));
  };
  const restart = (): void => void supervisor.restart();
  return vscode.Disposable.from(
    supervisor.onDidChangeState((state) => {
      void vscode.commands.executeCommand("setContext", RUNNING, state.kind === "running");
      if (state.kind === "missing") {
        inform(setUp.offer(state));
      } else if (state.kind === "running") {
        inform(setUp.offerModel());
      } else if (state.kind === "failed") {
        void tell(new UnavailableError(whyUnavailable(state)), supervisor, log);
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(INTERPRETER)) {
        restart();
      }
    }),
    onDidSelectPython(() => {
      if (supervisor.state.kind === "missing") {
        restart();
      }
    }),
  );
}
