import * as vscode from "vscode";
import type { Status } from "../server/results.ts";
import type { Supervisor } from "../server/supervisor.ts";
import { setting } from "../settings.ts";
import { type Shown, shown } from "./text.ts";

const REFRESH_AT_WORK_MS = 1500;
const REFRESH_AT_REST_MS = 10_000;
const LINKS = ["procoder.chooseModel", "procoder.stop", "procoder.showLog"] as const;

/** Shows the model and what it does, as long as the window has the focus. */
export function createStatusBar(supervisor: Supervisor): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("procoder", vscode.StatusBarAlignment.Right, 90);
  item.name = "ProCoder";
  let status: Status | undefined;
  let timer: NodeJS.Timeout | undefined;

  const refresh = async (): Promise<void> => {
    clearTimeout(timer);
    if (supervisor.state.kind === "running" && vscode.window.state.focused) {
      status = await supervisor.execute<Status>("procoder.status").catch(() => undefined);
    }
    apply(item, shown(supervisor.state, status, setting("enabled", true)));
    clearTimeout(timer);
    timer = setTimeout(
      () => void refresh(),
      isAtWork(status) ? REFRESH_AT_WORK_MS : REFRESH_AT_REST_MS,
    );
  };
  void refresh();
  item.show();
  return vscode.Disposable.from(
    item,
    { dispose: () => clearTimeout(timer) },
    supervisor.onDidChangeState(() => void refresh()),
    vscode.window.onDidChangeWindowState(() => void refresh()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("procoder")) {
        void refresh();
      }
    }),
  );
}

function isAtWork(status: Status | undefined): boolean {
  return status !== undefined && (status.doing.length > 0 || status.host.state === "loading");
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
