import * as vscode from "vscode";
import type { Supervisor } from "./supervisor.ts";

const REST_MS = 500;

/** Tells the server which code is in view, for what it writes while the editor idles. */
export function reportVisibleRanges(supervisor: Supervisor): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const report = async (editor: vscode.TextEditor): Promise<void> => {
    if (supervisor.state.kind === "running") {
      const client = await supervisor.client();
      await client.sendNotification("procoder/visibleRanges", {
        textDocument: { uri: editor.document.uri.toString() },
        ranges: editor.visibleRanges.map((range) => client.code2ProtocolConverter.asRange(range)),
      });
    }
  };
  return vscode.Disposable.from(
    { dispose: () => clearTimeout(timer) },
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
      if (textEditor.document.languageId === "python") {
        clearTimeout(timer);
        timer = setTimeout(() => void report(textEditor), REST_MS);
      }
    }),
  );
}
