import * as vscode from "vscode";
import { Interpreters } from "./python/finding.ts";
import { Supervisor } from "./server/supervisor.ts";

/** Puts the parts together; each registers its own. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("ProCoder", { log: true });
  const interpreters = new Interpreters(context, log);
  const supervisor = new Supervisor(() => interpreters.find(), log);
  context.subscriptions.push(log, supervisor, { dispose: () => void supervisor.stop() });
  await supervisor.restart();
}
