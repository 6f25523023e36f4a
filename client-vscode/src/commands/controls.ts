import * as vscode from "vscode";
import type { Supervisor } from "../server/supervisor.ts";
import { changeSetting, setting } from "../settings.ts";
import type { Handler } from "./registering.ts";
import { subjectAtCursor } from "./subject.ts";

const DELETE = "Delete";

/**
 * Commands that control the server, what it keeps and what it shows. `onForgotten` is called when
 * all conversations were deleted.
 */
export function controlCommands(
  supervisor: Supervisor,
  log: vscode.LogOutputChannel,
  onForgotten: () => void,
): Readonly<Record<string, Handler>> {
  return {
    "procoder.stop": () => supervisor.execute("procoder.stop"),
    "procoder.toggle": () => toggle(supervisor),
    "procoder.showSent": () => supervisor.execute("procoder.showSent", { show: true }),
    "procoder.clearCache": () => clearCache(supervisor),
    "procoder.exportConversation": () => exportConversation(supervisor),
    "procoder.deleteConversations": () => deleteConversations(supervisor, onForgotten),
    "procoder.restart": () => supervisor.restart(),
    "procoder.showLog": async () => log.show(),
    "procoder.getStarted": async () =>
      vscode.commands.executeCommand("workbench.action.openWalkthrough", "procoder.procoder#start"),
  };
}

/** Turns the one switch; it stays so when VS Code is started again. */
async function toggle(supervisor: Supervisor): Promise<void> {
  const on = !setting("enabled", true);
  await changeSetting("enabled", on);
  if (!on && supervisor.state.kind === "running") {
    await supervisor.execute("procoder.stop");
  }
}

async function clearCache(supervisor: Supervisor): Promise<void> {
  const { deleted } = await supervisor.execute<{ deleted: number }>("procoder.clearCache");
  void vscode.window.showInformationMessage(`ProCoder: ${deleted} kept answers were deleted.`);
}

async function exportConversation(supervisor: Supervisor): Promise<void> {
  const subject = subjectAtCursor();
  if (subject === undefined) {
    return;
  }
  const { markdown } = await supervisor.execute<{ markdown: string }>(
    "procoder.exportConversation",
    { uri: subject.uri },
  );
  const document = await vscode.workspace.openTextDocument({
    language: "markdown",
    content: markdown,
  });
  await vscode.window.showTextDocument(document);
}

async function deleteConversations(supervisor: Supervisor, onForgotten: () => void): Promise<void> {
  const answer = await vscode.window.showWarningMessage(
    "Delete all conversations with ProCoder on this machine?",
    {
      modal: true,
      detail: "Those of other editors and of the companion go too. They cannot be brought back.",
    },
    DELETE,
  );
  if (answer === DELETE) {
    const { deleted } = await supervisor.execute<{ deleted: number }>(
      "procoder.deleteConversations",
      { all: true },
    );
    onForgotten();
    void vscode.window.showInformationMessage(`ProCoder: ${deleted} conversations were deleted.`);
  }
}
