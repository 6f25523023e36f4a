import * as vscode from "vscode";
import { controlCommands } from "./commands/controls.ts";
import { registerCommands } from "./commands/registering.ts";
import { codeCommands } from "./commands/serverCommands.ts";
import { chooseModel } from "./models/picker.ts";
import { Panel } from "./panel/panel.ts";
import { Interpreters } from "./python/finding.ts";
import { secretCommands } from "./secrets/commands.ts";
import { Secrets } from "./secrets/secrets.ts";
import { Supervisor } from "./server/supervisor.ts";
import { reportVisibleRanges } from "./server/visibleRanges.ts";
import { SetUp } from "./setup/setUp.ts";
import { followSurroundings } from "./setup/surroundings.ts";
import { createStatusBar } from "./statusBar/statusBar.ts";

/** VS Code waits for what `deactivate` returns, but gives it nothing to find the server by. */
let running: Supervisor | undefined;

/** Puts the parts together; each registers its own. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("ProCoder", { log: true });
  const secrets = new Secrets(context.secrets);
  const interpreters = new Interpreters(context, log);
  const find = async () => interpreters.find(await secrets.all());
  const supervisor = new Supervisor(find, log);
  const setUp = new SetUp(interpreters, supervisor, context.globalState);
  const panel = new Panel(supervisor, context, log);
  running = supervisor;
  const handlers = {
    ...codeCommands(supervisor),
    ...controlCommands(supervisor, log, () => panel.forget()),
    ...secretCommands(secrets, supervisor),
    ...panel.commands,
    "procoder.chooseModel": (argument: unknown) => chooseModel(supervisor, argument),
    "procoder.setUp": () => setUp.begin(),
  };
  context.subscriptions.push(
    log,
    supervisor,
    panel,
    registerCommands(handlers, supervisor, log),
    createStatusBar(supervisor),
    reportVisibleRanges(supervisor),
    followSurroundings(supervisor, setUp, log),
  );
  void supervisor.restart();
}

/** Ends the server; VS Code waits for it. */
export async function deactivate(): Promise<void> {
  await running?.stop();
}
