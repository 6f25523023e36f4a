import * as vscode from "vscode";

/** Where a command of the server is to look; lines begin at 0, as in the protocol. */
export interface Subject {
  readonly uri: string;
  readonly line: number;
}

/** What the cursor points at; undefined when no Python is being edited, which the user is told. */
export function subjectAtCursor(): Subject | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "python") {
    void vscode.window.showInformationMessage(
      "ProCoder: Open a Python file, and put the cursor on what it is about.",
    );
    return undefined;
  }
  return { uri: editor.document.uri.toString(), line: editor.selection.active.line };
}

/** What a hover, a lens or a code action gave along, else what the cursor points at. */
export function subjectOf(argument: unknown): object | undefined {
  return typeof argument === "object" && argument !== null ? argument : subjectAtCursor();
}
