/** What the panel does in editors: it shows lines, inserts code and proposes it in place of other. */
import * as vscode from "vscode";
import type { Range } from "./answers.ts";

const SHOWN_MS = 2500;

/** Shows lines of a document, which begin at 1, and highlights them for a moment. */
export async function reveal(uri: string, first: number, last: number): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
  const lines = document.validateRange(
    new vscode.Range(first - 1, 0, last - 1, Number.MAX_SAFE_INTEGER),
  );
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: columnOf(document),
    preserveFocus: true,
  });
  editor.revealRange(lines, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  const highlight = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("editor.rangeHighlightBackground"),
    border: "1px solid",
    borderColor: new vscode.ThemeColor("editor.rangeHighlightBorder"),
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.rangeHighlightForeground"),
  });
  editor.setDecorations(highlight, [lines]);
  setTimeout(() => highlight.dispose(), SHOWN_MS);
}

/** Inserts code at the cursor, in place of what is selected. */
export async function insert(text: string): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    void vscode.window.showInformationMessage("ProCoder: Open a file to insert the code into.");
    return;
  }
  await editor.edit((edit) => edit.replace(editor.selection, text));
  await vscode.window.showTextDocument(editor.document, editor.viewColumn);
}

/** Proposes code in place of other: VS Code shows the difference, and applies it when told to. */
export async function replaceReviewed(uri: string, range: Range, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(range.start.line, 0, range.end.line, range.end.character);
  edit.replace(vscode.Uri.parse(uri, true), whole, text, {
    label: "Code from the chat",
    needsConfirmation: true,
  });
  await vscode.workspace.applyEdit(edit);
}

/** Opens Markdown as a document that is not saved yet. */
export async function openMarkdown(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document);
}

function columnOf(document: vscode.TextDocument): vscode.ViewColumn {
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  return shown?.viewColumn ?? vscode.ViewColumn.Active;
}
