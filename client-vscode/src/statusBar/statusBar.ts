import * as vscode from "vscode";
import type { Status } from "../server/results.ts";
import type { Supervisor } from "../server/supervisor.ts";
import { type Shown, shown } from "./text.ts";

const REFRESH_MS = 3000;
const LINKS = ["procoder.chooseModel", "procoder.stop", "procoder.showLog"] as const;

/** Shows the model and what it does, as long as the window has the focus. */
export function createStatusBar(supervisor: Supervisor): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("procoder", vscode.StatusBarAlignment.Right, 90);
  item.name = "ProCoder";
  let status: Status | undefined;

  const show = (): void => {
    const on = vscode.workspace.getConfiguration("procoder").get("enabled", true);
    apply(item, shown(supervisor.state, status, on));
  };
  const refresh = async (): Promise<void> => {
    if (supervisor.state.kind === "running" && vscode.window.state.focused) {
      status = await supervisor.execute<Status>("procoder.status").catch(() => undefined);
    }
    show();
  };
  const timer = setInterval(() => void refresh(), REFRESH_MS);
  show();
  item.show();
  return vscode.Disposable.from(
    item,
    { dispose: () => clearInterval(timer) },
    supervisor.onDidChangeState(() => void refresh()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("procoder")) {
        void refresh();
      }
    }),
  );
}

function apply(item: vscode.StatusBarItem, { text, tooltip, command, severity }: Shown): void {
  const markdown = new vscode.MarkdownString(tooltip);
  markdown.isTrusted = { enabledCommands: LINKS };
  item.text = text;
  item.tooltip = markdown;
  item.command = command;
  item.backgroundColor =
    severity === "normal"
      ? undefined
      : new vscode.ThemeColor(`statusBarItem.${severity}Background`);
}
